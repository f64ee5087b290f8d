using System.Globalization;

namespace Lowrank.Diffusion;

/// <summary>How the files of pictures are named; its defaults are AUTOMATIC1111's.</summary>
/// <remarks>Source: modules/images.py, save_image and get_next_sequence_number, at 82a973c.</remarks>
public sealed record FileNaming
{
    /// <summary>
    /// Pattern of a file's name behind its number. Empty means the seed, and without folders of their own the seed and the prompt.
    /// </summary>
    public string Pattern { get; init; } = "";

    /// <summary>Pattern of the folder that pictures go into; empty means the prompt's words.</summary>
    public string FolderPattern { get; init; } = "[date]";

    /// <summary>Most words of <c>[prompt_words]</c>.</summary>
    public int MostWords { get; init; } = 8;

    /// <summary>Whether pictures go into folders.</summary>
    public bool IntoFolders { get; init; } = true;

    /// <summary>Whether grids do.</summary>
    public bool GridsIntoFolders { get; init; } = true;

    /// <summary>Whether names begin with a number, one more than the highest there is.</summary>
    public bool AddsNumber { get; init; } = true;

    // Most bytes of a name on every usual file system.
    const int LongestName = 255;

    /// <summary>The path of a new picture within the folder of all, with forward slashes.</summary>
    /// <param name="facts">What it may tell; <see cref="FileNameFacts.BaseName"/> stands before the number.</param>
    /// <param name="ending">Without its point: "png".</param>
    /// <param name="suffix">Stands behind the name: "-mask".</param>
    /// <param name="isGrid">Whether it is a grid.</param>
    /// <param name="forced">The whole name, whatever the pattern says; null for none.</param>
    /// <param name="namesIn">The files of a folder within the folder of all, by their names; none where there is no such folder.</param>
    public string PathOf(
        FileNameFacts facts, string ending, Func<string, IEnumerable<string>> namesIn, string suffix = "", bool isGrid = false,
        string? forced = null)
    {
        facts = facts with { MostWords = MostWords };
        string folder = FolderOf(facts, isGrid);
        if (forced is not null) return Within(folder, Cut(forced, ending));
        string told = (facts.Seed is null ? "" : Told(facts)) + suffix;
        bool isNumbered = AddsNumber || told.Length == 0;
        if (!isNumbered) return Within(folder, Cut(told, ending));
        string behind = told.Length > 0 ? $"-{told}" : "";
        var taken = namesIn(folder).ToHashSet();
        for (int number = Next(taken, facts.BaseName); ; number++)
        {
            string name = Cut(Numbered(facts.BaseName, number) + behind, ending);
            if (!taken.Contains(name)) return Within(folder, name);
        }
    }

    /// <summary>The folder that a picture goes into; empty for none.</summary>
    public string FolderOf(FileNameFacts facts, bool isGrid = false)
    {
        bool goes = isGrid ? GridsIntoFolders : IntoFolders;
        if (!goes) return "";
        string pattern = FolderPattern.Length > 0 ? FolderPattern : "[prompt_words]";
        return new FileNamePattern(pattern).Apply(facts with { MostWords = MostWords }).TrimStart(' ').TrimEnd('\\', ' ', '/');
    }

    /// <summary>
    /// The number of the next file: one more than the highest at the beginning of a name, up to its first hyphen, behind the base name.
    /// </summary>
    /// <param name="names">Names of the files that are there.</param>
    /// <param name="baseName">Empty for none.</param>
    public static int Next(IEnumerable<string> names, string baseName)
    {
        string before = baseName.Length > 0 ? $"{baseName}-" : "";
        int highest = -1;
        foreach (string name in names.Where(name => name.StartsWith(before, StringComparison.Ordinal)))
        {
            string first = Path.GetFileNameWithoutExtension(name[before.Length..]).Split('-')[0];
            if (PythonNumbers.Int(first) is { } number) highest = Math.Max(highest, number);
        }
        return highest + 1;
    }

    string Told(FileNameFacts facts)
    {
        string usual = IntoFolders ? "[seed]" : "[seed]-[prompt_spaces]";
        return new FileNamePattern(Pattern.Length > 0 ? Pattern : usual).Apply(facts);
    }

    static string Numbered(string baseName, int number) => baseName.Length > 0
        ? string.Create(CultureInfo.InvariantCulture, $"{baseName}-{number:0000}")
        : string.Create(CultureInfo.InvariantCulture, $"{number:00000}");

    static string Within(string folder, string name) => folder.Length > 0 ? $"{folder}/{name}" : name;

    // Letters at the end of a name that is too long go; a pattern may name folders before it.
    static string Cut(string path, string ending)
    {
        int slash = path.LastIndexOf('/') + 1;
        string name = path[slash..];
        while (System.Text.Encoding.UTF8.GetByteCount(name) > LongestName - 1 - ending.Length)
            name = name[..^(char.IsLowSurrogate(name[^1]) ? 2 : 1)];
        return $"{path[..slash]}{name}.{ending}";
    }
}
