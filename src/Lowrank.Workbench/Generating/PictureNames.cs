using System.Globalization;

namespace Lowrank.Workbench;

/// <summary>
/// Names new pictures in a folder: by a pattern, or counting on from those that are there: 00001-SEED.png, 00002-SEED.png, ...
/// </summary>
public sealed class PictureNames
{
    readonly string folder, ending;
    int last;

    /// <summary>Looks at what the folder holds; it need not exist yet.</summary>
    /// <param name="folder">Where pictures go.</param>
    /// <param name="ending">Of their files, with its point.</param>
    public PictureNames(string folder, string ending = ".png")
    {
        (this.folder, this.ending) = (folder, ending);
        if (!Directory.Exists(folder)) return;
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            var name = Path.GetFileName(file);
            var digits = string.Concat(name.TakeWhile(char.IsAsciiDigit));
            if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) last = Math.Max(last, number);
        }
    }

    /// <summary>The next free path.</summary>
    /// <param name="what">Told after the number: a seed, or "grid".</param>
    public string Next(string what) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{++last:00000}-{what}{ending}"));

    /// <summary>Paths of one picture by a pattern: its name, and with -1, -2, ... behind it for where that is taken.</summary>
    /// <param name="pattern">The pattern; it may name folders within this one.</param>
    /// <param name="facts">What it may tell of the picture.</param>
    /// <exception cref="LowrankException">The name leads out of the folder.</exception>
    public IEnumerable<string> By(FileNamePattern pattern, FileNameFacts facts)
    {
        var naming = new FileNaming { Pattern = pattern.Text, IntoFolders = false, AddsNumber = false };
        for (int times = 0; ; times++)
        {
            string suffix = times == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{times}");
            yield return InsideFolder.PathOf(folder, naming.PathOf(facts, ending.TrimStart('.'), NamesIn, suffix));
        }
    }

    IEnumerable<string> NamesIn(string within) => Directory.Exists(Path.Join(folder, within))
        ? Directory.EnumerateFiles(Path.Join(folder, within)).Select(file => Path.GetFileName(file))
        : [];
}
