namespace Lowrank.Adapters;

/// <summary>
/// PEFT's folders: tensors in adapter_model.safetensors, and everything that is no tensor in adapter_config.json; of a model of several
/// components such a folder for each that is adapted.
/// </summary>
/// <param name="spelling">The names of layers.</param>
sealed class PeftPackaging(PeftSpelling spelling) : Packaging
{
    /// <inheritdoc/>
    public override bool WritesFolder => true;

    /// <inheritdoc/>
    public override bool IsPlace(string path) => PeftFolder.IsFolder(path) || PeftComponents.In(path).Count > 0;

    /// <summary>The tensors' file; of folders of components that of the first.</summary>
    public override string? TensorsIn(string path) => PeftFolder.IsFolder(path)
        ? PeftFolder.WeightsIn(path)
        : PeftComponents.In(path).Select(PeftFolder.WeightsIn).FirstOrDefault();

    /// <inheritdoc/>
    public override ITensorFile? Open(string path)
    {
        if (PeftComponents.In(path).Count > 0) return PeftComponents.Open(path);
        return PeftFolder.Is(path) ? PeftFolder.Open(path) : null;
    }

    /// <inheritdoc/>
    public override bool IsWhole(ITensorFile file) => file is IPeftConfigured;

    /// <inheritdoc/>
    public override bool IsOfFile(string key, string value) => key == "format";

    /// <summary>Paths are names there, and the configuration tells the rest.</summary>
    public override bool TellsLayers => false;

    /// <inheritdoc/>
    protected override string? Format => "pt";

    /// <summary>The fields of adapter_config.json in the folder of each component that is adapted, in the model's order.</summary>
    /// <exception cref="LowrankException">PEFT has no such method, or none that goes together with another of the adapter's.</exception>
    public IReadOnlyList<(ModelComponent Component, SortedDictionary<string, object?> Fields)> Configs(
        Adapter adapter, ModelDescription model, IReadOnlyDictionary<string, string> metadata)
    {
        var adapted = model.Components.Where(c => adapter.Prompt is not null && c.Module is IPromptedModel
            || c.Targets.Any(t => adapter.Targets.ContainsKey(t.Target.Path))).ToList();
        PeftShared.Check(adapter, adapted);
        return [.. adapted.Select(component => (component, PeftFields.Of(adapter, component, spelling, metadata)))];
    }

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, Tensor>> Beside(Adapter adapter, ModelDescription model) =>
        adapter.Prompt is { } prompt ? [new(PeftPrompts.Key, prompt.Rows.detach())] : [];

    /// <inheritdoc/>
    public override void Save(SavedAdapter saved)
    {
        var (path, adapter, model, tensors, metadata) = saved;
        var configs = Configs(adapter, model, metadata);
        var beside = metadata.Where(field => !PeftCarriedFields.IsCarried(field.Key)).ToDictionary();
        bool hasFolders = model.Components.Count > 1;
        // A folder that is there keeps what else it holds.
        if (!Directory.Exists(path))
        {
            AtomicFolder.Write(path, Fill);
            return;
        }
        Fill(path);
        var written = configs.Select(config => hasFolders ? config.Component.Name : "");
        foreach (string other in model.Components.Select(component => component.Name).Append("").Except(written))
            Remove(Path.Combine(path, other));

        bool Fill(string folder)
        {
            foreach (var (component, fields) in configs)
                if (hasFolders) Write(Path.Combine(folder, component.Name), Of(component.Name, tensors), fields);
                else Write(folder, tensors, fields);
            return true;
        }

        void Write(string folder, IReadOnlyList<KeyValuePair<string, Tensor>> own, SortedDictionary<string, object?> fields) =>
            ConfiguredFolder.Write(folder, PeftFolder.Weights, own, beside, PeftFolder.Settings, fields);
    }

    static List<KeyValuePair<string, Tensor>> Of(string component, IReadOnlyList<KeyValuePair<string, Tensor>> tensors)
    {
        var own = new List<KeyValuePair<string, Tensor>>();
        foreach (var (key, value) in tensors)
            if (PeftSpelling.Within(component, key) is { } within) own.Add(new(within, value));
        return own;
    }

    // Of an adapter that was there before: beside the new one it would be read as a part of it.
    static void Remove(string folder)
    {
        if (!PeftFolder.IsFolder(folder)) return;
        if (PeftFolder.WeightsIn(folder) is { } weights) File.Delete(weights);
        File.Delete(Path.Combine(folder, PeftFolder.Settings));
    }
}
