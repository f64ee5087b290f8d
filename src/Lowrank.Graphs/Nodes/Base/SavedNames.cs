using System.Globalization;

namespace Lowrank.Graphs;

/// <summary>Names of the files that a node saves, counting on from those that are there: picture_00001_.png, ...</summary>
public sealed class SavedNames
{
    readonly string root, kind, subfolder, stem;
    int next;

    /// <summary>Looks at what the folder holds; it need not exist yet.</summary>
    /// <param name="root">The output folder.</param>
    /// <param name="prefix">
    /// Folders and the name's beginning; %width%, %height%, %year%, %month%, %day%, %hour%, %minute%, %second% are filled in.
    /// </param>
    /// <param name="width">Width of the picture; 0 where there is none.</param>
    /// <param name="height">Its height.</param>
    /// <param name="kind">"output" or "temp".</param>
    /// <exception cref="LowrankException">It leads out of the output folder.</exception>
    public SavedNames(string root, string prefix, long width = 0, long height = 0, string kind = "output")
    {
        (this.root, this.kind) = (root, kind);
        string filled = Filled(prefix, width, height, DateTime.Now).Replace('\\', '/');
        subfolder = Path.GetDirectoryName(filled)?.Replace('\\', '/') ?? "";
        stem = Path.GetFileName(filled);
        if (WhyNot(root, prefix) is { } why) throw new LowrankException(why);
        next = Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder).Select(NumberOf).DefaultIfEmpty(0).Max() + 1 : 1;
    }

    /// <summary>Why files cannot be named so; null if they can.</summary>
    public static string? WhyNot(string root, string prefix) => PlaceInFolder.WhyNot(root, prefix, "output");

    /// <summary>The same of a prefix that is written into a node, as sentences.</summary>
    public static IEnumerable<string> Faults(PlacedNode node, GraphFolders folders, string input = "filename_prefix")
    {
        bool isRefused = node.Inputs.GetValueOrDefault(input) is string prefix && WhyNot(folders.Output, prefix) is not null;
        if (isRefused) yield return $"{input} {WhyNot(folders.Output, (string)node.Inputs[input]!)}";
    }

    string Folder => Path.Combine(root, subfolder);

    /// <summary>The next free place.</summary>
    /// <param name="ending">With its point: ".png".</param>
    /// <param name="batchNumber">Stands for %batch_num%.</param>
    public ShownFile Next(string ending, int batchNumber = 0)
    {
        string filled = stem.Replace("%batch_num%", batchNumber.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        string name = string.Create(CultureInfo.InvariantCulture, $"{filled}_{next++:00000}_{ending}");
        return new(name, subfolder, kind, Path.Combine(Folder, name));
    }

    // Of picture_00012_.png it is 12; of files with another beginning 0.
    int NumberOf(string path)
    {
        string name = Path.GetFileName(path);
        if (!name.StartsWith(stem + "_", StringComparison.Ordinal)) return 0;
        string digits = name[(stem.Length + 1)..].Split('_')[0];
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
    }

    static string Filled(string prefix, long width, long height, DateTime now)
    {
        var values = new (string Name, string Value)[]
        {
            ("width", width.ToString(CultureInfo.InvariantCulture)),
            ("height", height.ToString(CultureInfo.InvariantCulture)),
            ("year", now.ToString("yyyy", CultureInfo.InvariantCulture)),
            ("month", now.ToString("MM", CultureInfo.InvariantCulture)),
            ("day", now.ToString("dd", CultureInfo.InvariantCulture)),
            ("hour", now.ToString("HH", CultureInfo.InvariantCulture)),
            ("minute", now.ToString("mm", CultureInfo.InvariantCulture)),
            ("second", now.ToString("ss", CultureInfo.InvariantCulture)),
        };
        return values.Aggregate(prefix, (text, one) => text.Replace($"%{one.Name}%", one.Value, StringComparison.Ordinal));
    }
}
