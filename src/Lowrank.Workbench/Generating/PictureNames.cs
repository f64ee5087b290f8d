using System.Globalization;

namespace Lowrank.Workbench;

/// <summary>Names new pictures in a folder, counting on from those that are there: 00001-SEED.png, 00002-SEED.png, ...</summary>
public sealed class PictureNames
{
    readonly string folder;
    int last;

    /// <summary>Looks at what the folder holds; it need not exist yet.</summary>
    public PictureNames(string folder)
    {
        this.folder = folder;
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
    public string Next(string what) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{++last:00000}-{what}.png"));
}
