using System.Globalization;

namespace Lowrank.Cli;

/// <summary>Names new pictures in a folder, counting on from those that are there: 00001-SEED.png, 00002-SEED.png, ...</summary>
sealed class PictureNames
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
            int digits = name.TakeWhile(char.IsAsciiDigit).Count();
            if (digits > 0 && int.TryParse(name[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out int number)) last = Math.Max(last, number);
        }
    }

    /// <summary>The next free path.</summary>
    /// <param name="what">Told after the number: a seed, or "grid".</param>
    public string Next(string what) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{++last:00000}-{what}.png"));
}
