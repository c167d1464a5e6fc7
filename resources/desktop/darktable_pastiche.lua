--[[ darktable: an export storage that paints. Pictures are developed by darktable, painted, put beside their photograph
under a free name, and added to the library in its group. A line in darktable's luarc turns it on:

    require "pastiche"
]]
local darktable = require "darktable"

local NAME = "pastiche" -- of the program, the storage, and what it remembers
local PAINTED = { jpg = true, jpeg = true, png = true, tif = true, tiff = true, webp = true }

-- Translations lie beside the folder that this file is installed to.
local share = debug.getinfo(1, "S").source:match("^@(.*)/darktable/lua/[^/]*$") or ""
darktable.gettext.bindtextdomain(NAME, share .. "/locale")

local function _(text)
  return darktable.gettext.dgettext(NAME, text)
end

local function remembered(key, kind, usual)
  local value = darktable.preferences.read(NAME, key, kind)
  return (value == "" or value == 0) and usual or value
end

-- ---- the program -----------------------------------------------------------------------------------

local function quote(word)
  return "'" .. word:gsub("'", "'\\''") .. "'"
end

--- Runs the program while darktable goes on; whether it did what was asked, and the lines that it said.
local function run(words)
  local quoted, lines, answer = { NAME }, {}, os.tmpname()
  for i, word in ipairs(words) do
    quoted[i + 1] = quote(word)
  end
  local status = darktable.control.execute(table.concat(quoted, " ") .. " >" .. quote(answer) .. " 2>&1")
  for line in io.lines(answer) do
    table.insert(lines, line)
  end
  os.remove(answer)
  return status == 0, lines
end

--- Names of styles, and which of them is `own`; as the first where it is none of them.
local function list_styles(own)
  local names, at = {}, nil
  local done, lines = run({ "styles", "--json" })
  for i, line in ipairs(done and lines or {}) do
    names[i] = line:match('^{"id":"([^"\\]+)"')
    at = names[i] == own and i or at
  end
  if not at then
    table.insert(names, 1, own)
  end
  return names, at or 1
end

-- ---- what is asked for -----------------------------------------------------------------------------

local style, strength -- widgets, in the window

--- The style is a list, in which others can be typed.
local function new_widgets()
  local names, selected = list_styles(remembered("style", "string", "great-wave"))
  style = darktable.new_widget("combobox") {
    label = _("style"),
    tooltip = _("a style of Pastiche, or the path of a style file or of any picture"),
    editable = true,
    table.unpack(names),
  }
  strength = darktable.new_widget("slider") {
    label = _("strength"),
    tooltip = _("from the photograph to the full painting"),
    hard_min = 0.05, hard_max = 1, soft_min = 0.05, soft_max = 1, step = 0.05, digits = 2,
  }
  style.selected = selected
  strength.value = remembered("strength", "float", 1)
  return darktable.new_widget("box") { orientation = "vertical", style, strength }
end

local function remember()
  darktable.preferences.write(NAME, "style", "string", style.value)
  darktable.preferences.write(NAME, "strength", "float", strength.value)
end

-- ---- the storage -----------------------------------------------------------------------------------

local storage = {}

--- What is asked for when an export begins holds until its end.
function storage.initialize(self, format, images, quality, asked)
  if style then
    remember()
  end
  asked.style = remembered("style", "string", "great-wave")
  asked.strength = string.format("%.2f", remembered("strength", "float", 1)):gsub(",", ".")
end

function storage.supported(self, format)
  return PAINTED[format.extension] == true
end

--- Paints one picture, which darktable has written to `path`.
function storage.store(self, image, format, path, number, total, quality, asked)
  darktable.print(string.format(_("painting %d of %d"), number, total))
  local done, lines = run({ "stylize", path, "--style", asked.style, "--strength", asked.strength,
                            "-o", image.path .. "/" })
  os.remove(path)
  if not done then
    darktable.print(image.filename .. ": " .. (lines[#lines] or _("the program pastiche is not installed")))
    return
  end
  for i, line in ipairs(lines) do
    if line:sub(1, #image.path + 1) == image.path .. "/" then
      darktable.database.import(line):group_with(image)
    end
  end
end

local widget = darktable.configuration.has_gui and new_widgets() or nil
darktable.register_storage(NAME, _("paint with Pastiche"), storage.store, nil, storage.supported, storage.initialize,
                           widget)

return storage
