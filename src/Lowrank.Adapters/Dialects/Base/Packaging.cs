namespace Lowrank.Adapters;

/// <summary>What lies around a dialect's tensors: the place they are kept in, the metadata, and files and tensors beside them.</summary>
/// <remarks>The packaging itself is one safetensors file, its metadata as given.</remarks>
public class Packaging
{
    /// <summary>One file, its metadata as given.</summary>
    public static Packaging Plain { get; } = new();

    /// <summary>Whether adapters are written as folders rather than files.</summary>
    public virtual bool WritesFolder => false;

    /// <summary>How the names of its files end.</summary>
    public virtual string Ending => ".safetensors";

    /// <summary>Whether a place that is no file, a folder, is one that this dialect writes.</summary>
    public virtual bool IsPlace(string path) => false;

    /// <summary>The file of such a place that holds the tensors; null where the place has none, or is no such place.</summary>
    public virtual string? TensorsIn(string path) => null;

    /// <summary>A path opened with what belongs to it; null where it is no place of this dialect's own kind.</summary>
    /// <exception cref="LowrankException">It is such a place and damaged.</exception>
    public virtual ITensorFile? Open(string path) => null;

    /// <summary>An open file with what lies beside it, or the file itself; taken over.</summary>
    /// <exception cref="LowrankException">A file beside it is damaged or holds something else.</exception>
    public virtual ITensorFile WithCompanions(ITensorFile file) => file;

    /// <summary>Whether what belongs to a file's tensors is at hand, so that they can be understood in full.</summary>
    public virtual bool IsWhole(ITensorFile file) => true;

    /// <summary>
    /// Whether metadata tells of the very file it stood in, so that another file must not have it: a hash, positions, the mark of a
    /// program.
    /// </summary>
    public virtual bool IsOfFile(string key, string value) => false;

    /// <summary>Whether files tell their layers in the metadata where no published model has them.</summary>
    public virtual bool TellsLayers => true;

    /// <summary>What the metadata call the program that wrote the tensors ("format"); null where they need not.</summary>
    protected virtual string? Format => null;

    /// <summary>The metadata of a file that holds these tensors.</summary>
    public virtual IReadOnlyDictionary<string, string> MetadataFor(
        Adapter adapter,
        ModelDescription model,
        IReadOnlyList<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string> metadata) =>
        Format is { } format ? new Dictionary<string, string>(metadata) { ["format"] = format } : metadata;

    /// <summary>Tensors that a file has beside the adapter's own.</summary>
    public virtual IEnumerable<KeyValuePair<string, Tensor>> Beside(Adapter adapter, ModelDescription model) => [];

    /// <summary>Writes spelled tensors and their metadata, whole or not at all.</summary>
    public virtual void Save(SavedAdapter saved) => Safetensors.Save(saved.Path, saved.Tensors, saved.Metadata);
}
