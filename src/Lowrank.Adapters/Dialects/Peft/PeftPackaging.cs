namespace Lowrank.Adapters;

/// <summary>PEFT's folders: tensors in adapter_model.safetensors, and everything that is no tensor in adapter_config.json.</summary>
sealed class PeftPackaging : Packaging
{
    /// <inheritdoc/>
    public override bool WritesFolder => true;

    /// <inheritdoc/>
    public override bool IsPlace(string path) => PeftFolder.IsFolder(path);

    /// <inheritdoc/>
    public override string? TensorsIn(string path) => IsPlace(path) ? PeftFolder.WeightsIn(path) : null;

    /// <inheritdoc/>
    public override ITensorFile? Open(string path) => PeftFolder.Is(path) ? PeftFolder.Open(path) : null;

    /// <inheritdoc/>
    public override bool IsWhole(ITensorFile file) => file is PeftFolder;

    /// <inheritdoc/>
    public override bool IsOfFile(string key, string value) => key == "format";

    /// <summary>Paths are names there, and the configuration tells the rest.</summary>
    public override bool TellsLayers => false;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> MetadataFor(
        Adapter adapter,
        ModelDescription model,
        IReadOnlyList<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string> metadata) => new Dictionary<string, string>(metadata) { ["format"] = "pt" };

    /// <summary>The fields of adapter_config.json.</summary>
    /// <exception cref="LowrankException">PEFT has no such method, or none that goes together with another of the adapter's.</exception>
    public static SortedDictionary<string, object?> Config(Adapter adapter, ModelDescription model) =>
        PeftFields.Of(adapter, model, (component, target) => PeftSpelling.WrittenPath(adapter, model, component, target));

    /// <inheritdoc/>
    public override void Save(
        string path,
        Adapter adapter,
        ModelDescription model,
        IReadOnlyList<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string> metadata)
    {
        var config = Config(adapter, model);
        // A folder that is there keeps what else it holds.
        if (Directory.Exists(path)) Fill(path);
        else AtomicFolder.Write(path, Fill);

        bool Fill(string folder)
        {
            Safetensors.Save(Path.Combine(folder, PeftFolder.Weights), tensors, metadata);
            AtomicFile.WriteText(Path.Combine(folder, PeftFolder.Settings), PlainJson.Text(config) + "\n");
            return true;
        }
    }
}
