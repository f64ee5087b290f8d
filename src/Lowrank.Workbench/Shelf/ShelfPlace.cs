namespace Lowrank.Workbench;

/// <summary>Where a base model lies and how it is loaded: two jobs that agree in it can use one model after the other.</summary>
/// <param name="Path">Its folder or file.</param>
/// <param name="Options">What a single file cannot say of itself.</param>
/// <param name="Stored">dtype of its weights.</param>
/// <param name="Device">Where they lie: "cpu", "cuda:1".</param>
public sealed record ShelfPlace(string Path, CheckpointOptions Options, ScalarType Stored, string Device)
{
    /// <summary>The place that a request names.</summary>
    /// <param name="path">The model's folder or file.</param>
    /// <param name="options">What a single file cannot say of itself.</param>
    /// <param name="precision">How it is stored and computed.</param>
    /// <param name="device">Where it is computed.</param>
    public static ShelfPlace Of(string path, CheckpointOptions options, Precision precision, Device device) =>
        new(path, options, precision.Stored, device.ToString());

    /// <summary>Loads it.</summary>
    internal BaseModel Load() => ModelKinds.Load(Path, new Storage(Stored, new Device(Device)), Options);

    /// <summary>Tells one state of its files from another.</summary>
    internal string Stamp() => FileStamp.Of(Path);
}
