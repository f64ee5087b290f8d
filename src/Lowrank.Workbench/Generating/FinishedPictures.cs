namespace Lowrank.Workbench;

/// <summary>Pictures of a folder by their texts, so that what a call before has drawn is not drawn again.</summary>
sealed class FinishedPictures
{
    readonly Dictionary<string, Queue<string>> byText = new(StringComparer.Ordinal);
    readonly List<string> unread = [];

    FinishedPictures(IEnumerable<string> files, bool takesTiled)
    {
        foreach (string file in files)
        {
            if (TextOf(file) is not { } stated) continue;
            string text = takesTiled ? TilingChoice.WithoutIt(stated) : stated;
            if (!byText.TryGetValue(text, out var same)) byText[text] = same = new();
            same.Enqueue(file);
        }
    }

    /// <summary>Those of a folder and of the folders in it; it need not exist.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="format">In which pictures are written; others are not looked at.</param>
    /// <param name="takesTiled">Whether pictures count that were decoded in tiles where memory did not suffice.</param>
    public static FinishedPictures Of(string folder, PictureFormat format, bool takesTiled) => new(!Directory.Exists(folder)
        ? []
        : Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => PictureFormat.OfPath(file) == format).Order(StringComparer.Ordinal), takesTiled);

    /// <summary>Files that are called as pictures and cannot be read, or not to their end: those are none that was finished.</summary>
    public IReadOnlyList<string> Unread => unread;

    /// <summary>A picture of that text, each but once; null where there is none left.</summary>
    public string? Take(string text) => byText.TryGetValue(text, out var same) && same.TryDequeue(out string? file) ? file : null;

    string? TextOf(string file)
    {
        try
        {
            PictureFile.RequireWhole(file);   // its text alone may be all that is there
            return PictureFile.ReadInfoText(file) is { } text ? BatchPlace.WithoutIt(text) : null;
        }
        catch (LowrankException)
        {
            unread.Add(file);
            return null;
        }
    }
}
