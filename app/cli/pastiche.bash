# Completion of pastiche's command line for bash. Options are asked of the program itself.

_pastiche_options() {
    LC_ALL=C "$1" "${@:2}" --help 2>/dev/null | grep -oE -e '--[a-z][a-z-]*' | sort -u
}

_pastiche_styles() {
    LC_ALL=C "$1" styles --json 2>/dev/null | sed -n 's/^{"id":"\([^"]*\)".*/\1/p'
}

_pastiche() {
    local program=$1 word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}
    local words=("$command")
    COMPREPLY=()

    if [ "$COMP_CWORD" = 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W 'stylize video verify styles style walk train adapt gap augment classify info help --help --version' -- "$word")
        compopt -o default
        return
    fi
    # A word behind "=" is a value too.
    if [ "$word" = '=' ]; then
        word=
    elif [ "$before" = '=' ]; then
        before=${COMP_WORDS[COMP_CWORD-2]}
    fi
    case "$command:$before" in
    help:help)
        mapfile -t COMPREPLY < <(compgen -W 'stylize video verify styles style walk train adapt gap augment classify info' -- "$word")
        return ;;
    style:style)
        mapfile -t COMPREPLY < <(compgen -W 'make invent' -- "$word")
        return ;;
    stylize:--style | stylize:-s | video:--style | video:-s)
        mapfile -t COMPREPLY < <(compgen -W "$(_pastiche_styles "$program")" -- "$word")
        compopt -o default
        return ;;
    adapt:--method | augment:--method)
        mapfile -t COMPREPLY < <(compgen -W 'colour network fourier' -- "$word")
        return ;;
    augment:--styles)
        mapfile -t COMPREPLY < <(compgen -W 'random bank built-in own none' -- "$word")
        return ;;
    train:--rights)
        mapfile -t COMPREPLY < <(compgen -W 'own public-domain permission unknown' -- "$word")
        return ;;
    stylize:--format)
        mapfile -t COMPREPLY < <(compgen -W 'jpeg png png16 tiff tiff16 webp ora' -- "$word")
        return ;;
    stylize:--on-conflict)
        mapfile -t COMPREPLY < <(compgen -W 'unique overwrite skip resume' -- "$word")
        return ;;
    *:--shard)
        mapfile -t COMPREPLY < <(compgen -W 'auto' -- "$word")
        return ;;
    style:--on-conflict | adapt:--on-conflict | video:--on-conflict | verify:--on-conflict | walk:--on-conflict)
        mapfile -t COMPREPLY < <(compgen -W 'unique overwrite skip' -- "$word")
        return ;;
    esac
    if [[ $word == -* ]]; then
        [ "$command" = style ] && words=(style make)
        mapfile -t COMPREPLY < <(compgen -W "$(_pastiche_options "$program" "${words[@]}")" -- "$word")
        return
    fi
    compopt -o default
}

complete -F _pastiche pastiche
