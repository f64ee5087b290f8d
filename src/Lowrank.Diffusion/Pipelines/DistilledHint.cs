namespace Lowrank.Diffusion;

/// <summary>What a base model or an adapter says of what it is.</summary>
/// <param name="What">"base model" or "adapter", as a sentence calls it.</param>
/// <param name="Name">The file's or the folder's name.</param>
/// <param name="Texts">Its name, and its titles in the metadata.</param>
public sealed record DistilledHint(string What, string Name, IReadOnlyList<string> Texts)
{
    // Titles of the thing itself; not what it was trained on or with, nor words of its captions.
    static readonly string[] titles = ["modelspec.title", "modelspec.architecture", "ss_output_name", "_name_or_path"];

    /// <summary>The hint of a file or a folder.</summary>
    /// <param name="what">"base model" or "adapter".</param>
    /// <param name="path">Where it lies.</param>
    /// <param name="metadata">What is written in it; null where nothing is.</param>
    public static DistilledHint Of(string what, string path, IReadOnlyDictionary<string, string>? metadata = null)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        return new(what, name, [name, .. titles.Select(title => metadata?.GetValueOrDefault(title)).OfType<string>()]);
    }
}
