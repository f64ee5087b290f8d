using System.IO.Enumeration;
using System.Text.Json;
using Lowrank.Formats;

namespace Lowrank.Diffusion;

/// <summary>Lists of words by name, for dynamic prompts: a text file a list, in a folder and those in it.</summary>
/// <remarks>
/// Source: wildcards/ of dynamicprompts, v0.31.0. Lines that are empty or begin with # are left out; values of all lists that a pattern
/// names are sorted, each once. JSON files hold several lists, named by their keys, with weights as "2::words".
/// </remarks>
public sealed class Wildcards
{
    readonly SortedDictionary<string, IReadOnlyList<WildcardValue>> lists = new(StringComparer.Ordinal);

    Wildcards() { }

    /// <summary>None at all.</summary>
    public static Wildcards None { get; } = new();

    /// <summary>Names of the lists, with folders: "animal", "nested/place".</summary>
    public IReadOnlyCollection<string> Names => lists.Keys;

    /// <summary>What of the folder was not read, and why.</summary>
    public IReadOnlyList<string> Unread { get; private init; } = [];

    /// <summary>The lists of a folder; folders whose names begin with a point are left out.</summary>
    /// <exception cref="LowrankException">There is no such folder.</exception>
    public static Wildcards Of(string folder)
    {
        if (!Directory.Exists(folder)) throw new LowrankException($"There is no folder of wildcards at {folder}.");
        var unread = new List<string>();
        var wildcards = new Wildcards { Unread = unread };
        foreach (string file in Files(folder).Order(StringComparer.Ordinal))
        {
            string name = Path.GetRelativePath(folder, file).Replace('\\', '/');
            string bare = name[..^Path.GetExtension(name).Length];
            switch (Path.GetExtension(name))
            {
                case ".txt":
                    wildcards.lists[bare] = [.. Lines(file).Select(line => new WildcardValue(line))];
                    break;
                case ".json":
                    wildcards.AddFile(file, name, unread);
                    break;
                default:
                    unread.Add($"{name} is no .txt or .json");
                    break;
            }
        }
        return wildcards;
    }

    /// <summary>
    /// The values of all lists that a pattern names: "animal", "nested/*", "an?mal", "[ab]*"; * goes over folders too. Where none is
    /// named so, lists in folders are. None where there is no such list.
    /// </summary>
    public IReadOnlyList<WildcardValue> Values(string pattern)
    {
        string clean = pattern.Replace('\\', '/').Trim('/');
        if (clean.Contains("..")) return [];
        var found = Named(clean);
        return found.Count > 0 || clean.StartsWith("**", StringComparison.Ordinal) ? found : Named($"**/{clean}");
    }

    /// <summary>Whether there is a list that a pattern names, with values or without, as <see cref="Values"/> looks for it.</summary>
    internal bool Holds(string pattern)
    {
        string clean = pattern.Replace('\\', '/').Trim('/');
        return lists.Keys.Any(WildcardPattern.Of(clean).IsMatch) || lists.Keys.Any(WildcardPattern.Of($"**/{clean}").IsMatch);
    }

    List<WildcardValue> Named(string pattern)
    {
        var names = WildcardPattern.Of(pattern);
        return
        [
            .. lists.Where(list => names.IsMatch(list.Key)).SelectMany(list => list.Value).Distinct()
                .OrderBy(value => value.Text, StringComparer.Ordinal),
        ];
    }

    static FileSystemEnumerable<string> Files(string folder) => new(
        folder,
        (ref FileSystemEntry entry) => entry.ToFullPath(),
        new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
    {
        ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
        ShouldRecursePredicate = (ref FileSystemEntry entry) => entry.FileName[0] != '.',
    };

    static IEnumerable<string> Lines(string file) =>
        from line in File.ReadLines(file)
        let words = line.Trim()
        where words.Length > 0 && words[0] != '#'
        select words;

    // A folder may hold other JSON files too: of what is none of lists, it is told that it is not read.
    void AddFile(string file, string name, List<string> unread)
    {
        try
        {
            Add(name[..(name.LastIndexOf('/') + 1)], JsonFile.Object(file), unread);
        }
        catch (LowrankException error)
        {
            unread.Add($"{name} holds no lists of words ({error.Message.TrimEnd('.')})");
        }
    }

    // Keys within keys are folders.
    void Add(string prefix, JsonElement json, List<string> unread)
    {
        foreach (var property in json.EnumerateObject())
        {
            string name = prefix + property.Name;
            if (property.Value.ValueKind == JsonValueKind.Object) Add($"{name}/", property.Value, unread);
            else lists[name] = [.. WildcardJson.Values(name, property.Value, unread)];
        }
    }
}
