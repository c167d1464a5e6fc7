# Builds Pastiche; read by `run` and `test`.

# What Meson is told besides.
build_options=()

# build_in FOLDER [TARGET...]: a release in FOLDER, configured if it is new. Silent, unless it fails; when
# nothing has changed it is instant. Two at once wait for each other.
build_in() {
    local folder=$1
    shift
    mkdir -p "$folder" || exit 1
    (
        flock 9
        # A folder that came here with a copy of the sources still points at the original.
        if [ -f "$folder/.source" ] && [ "$(cat "$folder/.source")" != "$root" ]; then
            find "$folder" -mindepth 1 ! -name .lock -delete
        fi
        if [ ! -f "$folder/build.ninja" ]; then
            say "Building Pastiche; this takes a minute, once."
            if ! meson setup --buildtype=release "${build_options[@]}" "$folder" "$root" >"$folder/setup.log" 2>&1; then
                tail -n 15 "$folder/setup.log" >&2
                say "pastiche: $folder: can't be configured; see setup.log in it"
                exit 1
            fi
            printf '%s\n' "$root" >"$folder/.source"
        fi
        if ! ninja -C "$folder" "$@" >"$folder/build.log" 2>&1; then
            cat "$folder/build.log" >&2
            say "pastiche: $folder: the build failed; see above"
            exit 1
        fi
    ) 9>"$folder/.lock" || exit 1
}
