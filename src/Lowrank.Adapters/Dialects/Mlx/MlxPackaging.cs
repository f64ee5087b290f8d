using System.Text.Json;

namespace Lowrank.Adapters;

/// <summary>mlx-lm's folders: adapters.safetensors, and in adapter_config.json the training's arguments.</summary>
sealed class MlxPackaging : Packaging
{
    // Of how many layers from the end mlx-lm looks for the modules: all.
    const int AllLayers = -1;

    /// <inheritdoc/>
    public override bool WritesFolder => true;

    /// <inheritdoc/>
    public override bool IsPlace(string path) => MlxFolder.ConfigIn(path) is not null && TensorsIn(path) is not null;

    /// <inheritdoc/>
    public override string? TensorsIn(string path)
    {
        string file = Path.Combine(path, MlxFolder.Weights);
        return File.Exists(file) && MlxFolder.ConfigIn(path) is not null ? file : null;
    }

    /// <inheritdoc/>
    public override ITensorFile? Open(string path) => MlxFolder.Open(path);

    /// <inheritdoc/>
    public override bool IsWhole(ITensorFile file) => file is MlxFolder;

    /// <summary>Paths are names there.</summary>
    public override bool TellsLayers => false;

    /// <inheritdoc/>
    protected override string? Format => "mlx";

    /// <inheritdoc/>
    public override void Save(SavedAdapter saved)
    {
        var (path, adapter, _, tensors, metadata) = saved;
        var fields = Fields(adapter, tensors, metadata);
        var beside = metadata.Where(field => !IsTold(field.Key)).ToDictionary();
        if (!Directory.Exists(path))
        {
            AtomicFolder.Write(path, Fill);
            return;
        }
        RefuseOtherSteps(path);
        Fill(path);
        // PEFT's tensors: the new configuration would be taken for theirs.
        if (PeftFolder.WeightsIn(path) is { } older) File.Delete(older);

        bool Fill(string folder)
        {
            ConfiguredFolder.Write(folder, MlxFolder.Weights, tensors, beside, MlxFolder.Settings, fields);
            return true;
        }
    }

    static void RefuseOtherSteps(string folder)
    {
        if (MlxFolder.OthersIn(folder, MlxFolder.Weights) is { Count: > 0 } steps)
            throw new LowrankException($"{folder} holds files of other steps of a training, {string.Join(", ", steps)}, which would be " +
                "read with the new configuration. Write to another folder, or move them.");
    }

    static bool IsTold(string key) =>
        key is PeftCarriedFields.Base or MlxConfig.DropoutField || key.StartsWith(MlxConfig.Prefix, StringComparison.Ordinal);

    // The modules by their whole names, which mlx-lm takes wherever they lie, beside which none gets factors.
    static SortedDictionary<string, object?> Fields(
        Adapter adapter, IReadOnlyList<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var fields = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (key, text) in metadata.Where(field => field.Key.StartsWith(MlxConfig.Prefix, StringComparison.Ordinal)))
            fields[key[MlxConfig.Prefix.Length..]] = ValueOf(text);
        if (metadata.GetValueOrDefault(PeftCarriedFields.Base) is { } model) fields[MlxConfig.ModelField] = model;
        fields[MlxConfig.LayersField] = AllLayers;
        bool hasFactors = tensors.Any(tensor => MlxSpelling.IsDown(tensor.Key));
        bool hasMagnitudes = tensors.Any(tensor => MlxSpelling.IsMagnitude(tensor.Key));
        fields[MlxConfig.TypeField] = (hasFactors, hasMagnitudes) switch
        {
            (false, _) => MlxConfig.Full,
            (true, true) => MlxConfig.Dora,
            (true, false) => MlxConfig.Lora,
        };
        if (hasFactors) fields[MlxConfig.ParametersField] = Parameters(MlxShape.Of(adapter), tensors, metadata);
        return fields;
    }

    static SortedDictionary<string, object?> Parameters(
        MlxShape shape, IReadOnlyList<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata) =>
        new(StringComparer.Ordinal)
        {
            [MlxConfig.Rank] = shape.Rank, [MlxConfig.Scale] = shape.Scale, [MlxConfig.Dropout] = TrainedDropouts.Of(metadata).Dropout,
            [MlxConfig.Keys] = tensors.Select(tensor => tensor.Key).Where(MlxSpelling.IsDown)
                .Select(key => key[..key.LastIndexOf('.')]).Order(StringComparer.Ordinal).ToList(),
        };

    static object ValueOf(string text)
    {
        try
        {
            using var json = StrictJson.Parse(text);
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
