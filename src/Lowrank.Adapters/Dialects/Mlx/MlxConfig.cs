using System.Globalization;
using System.Text.Json;

namespace Lowrank.Adapters;

/// <summary>mlx-lm's adapter_config.json: all arguments of the training, of which a few say how the tensors are meant.</summary>
/// <param name="Json">The file's object.</param>
/// <remarks>Source: mlx-lm at d78bf58, tuner/utils.py, load_adapters; lora.py of 2024 for the older names.</remarks>
sealed record MlxConfig(JsonElement Json)
{
    /// <summary>Fields of the file.</summary>
    public const string TypeField = "fine_tune_type", LayersField = "num_layers", ParametersField = "lora_parameters",
        ModelField = "model", Scale = "scale", Rank = "rank", Dropout = "dropout", Keys = "keys";

    /// <summary>What <see cref="TypeField"/> may be.</summary>
    public const string Lora = "lora", Dora = "dora", Full = "full";

    /// <summary>What the metadata's names of mlx-lm's own fields begin with, and PEFT's name of one that it has too.</summary>
    public const string Prefix = "mlx.", DropoutField = "lora_dropout";

    // Until September 2024 the layers were counted under another name and DoRA was a switch.
    const string OlderLayers = "lora_layers", OlderDora = "use_dora";

    static readonly string[] read = [TypeField, LayersField, OlderLayers, OlderDora, ParametersField, ModelField];

    /// <summary>Whether an object is such a configuration and not PEFT's.</summary>
    public static bool Is(JsonElement json) => !json.TryGetProperty("peft_type", out _)
        && new[] { TypeField, ParametersField, LayersField, OlderLayers }.Any(field => json.TryGetProperty(field, out _));

    /// <summary>What was trained: <see cref="Lora"/>, <see cref="Dora"/> or <see cref="Full"/>; what the file says.</summary>
    public string Type
    {
        get
        {
            if (Json.TryGetProperty(TypeField, out var told))
                return told.ValueKind == JsonValueKind.String ? told.GetString()! : told.GetRawText();
            return Json.TryGetProperty(OlderDora, out var on) && on.ValueKind == JsonValueKind.True ? Dora : Lora;
        }
    }

    JsonElement? Parameters =>
        Json.TryGetProperty(ParametersField, out var told) && told.ValueKind == JsonValueKind.Object ? told : null;

    /// <summary>By what B·A is multiplied; null where it is not told.</summary>
    public double? ScaleOfAll => Number(Scale);

    double? Number(string field)
    {
        if (Parameters is not { } own || !own.TryGetProperty(field, out var value)) return null;
        return value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
    }

    /// <summary>What keeps the tensors from being understood, one sentence each.</summary>
    /// <param name="tensors">They.</param>
    public IEnumerable<string> Faults(IReadOnlyList<TensorInfo> tensors)
    {
        if (Type is not (Lora or Dora or Full))
        {
            yield return $"{TypeField} is \"{Type}\", and it is {Lora}, {Dora} or {Full}";
            yield break;
        }
        if (Type == Full)
        {
            if (tensors.FirstOrDefault(tensor => MlxSpelling.IsFactor(tensor.Name)) is { } factor)
                yield return $"{TypeField} is {Full}, and {factor.Name} is a factor. Is the configuration of another adapter?";
            yield break;
        }
        if (ScaleOfAll is null)
            yield return $"{ParametersField}.{Scale} is not told in adapter_config.json, so that the strength is not known. mlx-lm's own " +
                "was 10 until April 2025 and is 20 since: write the one that it was trained with";
        if (ScaleOfAll is { } told && !double.IsFinite(told))
            yield return $"{ParametersField}.{Scale} is {Parameters!.Value.GetProperty(Scale).GetRawText()}, and no finite number";
        foreach (string fault in FaultsOfFactors(tensors)) yield return fault;
    }

    IEnumerable<string> FaultsOfFactors(IReadOnlyList<TensorInfo> tensors)
    {
        foreach (var tensor in tensors.Where(tensor => MlxSpelling.IsDown(tensor.Name)))
            if (tensor.Shape.Length == 3)
                yield return $"{tensor.Name} {tensor.Shape.Text()} holds factors of all experts of a layer, which are not read of " +
                    "mlx-lm's files yet; fuse the adapter into the model in its place (mlx_lm.fuse)";
            else if (Number(Rank) is { } rank && tensor.Shape is [_, var own] && own != rank)
                yield return $"{tensor.Name} {tensor.Shape.Text()} has rank {own}, and {ParametersField}.{Rank} is " +
                    $"{PlainValue.Text(rank)}. Is the configuration of another adapter?";
        bool hasMagnitudes = tensors.Any(tensor => MlxSpelling.IsMagnitude(tensor.Name));
        if (hasMagnitudes != (Type == Dora) && tensors.Count > 0)
            yield return $"{TypeField} is {Type}, and the tensors are those of {(hasMagnitudes ? Dora : Lora)}. Is the configuration of " +
                "another adapter?";
        if (tensors.FirstOrDefault(tensor => !MlxSpelling.IsFactor(tensor.Name) && !MlxSpelling.IsMagnitude(tensor.Name)) is { } other)
            yield return $"{TypeField} is {Type}, and {other.Name} is no part of one: mlx-lm refuses it too";
    }

    /// <summary>What is read where it tells nothing, and what it tells that the user should know.</summary>
    /// <param name="tensors">The tensors beside it.</param>
    /// <param name="layers">How many layers the model has; null where none is at hand.</param>
    public IEnumerable<string> Notes(IReadOnlyList<TensorInfo> tensors, int? layers)
    {
        const string Strict = "mlx-lm would refuse the file, and here they are used";
        var factors = tensors.Where(tensor => MlxSpelling.IsDown(tensor.Name));
        string[] keys = [.. KeysTold], held = [.. factors.Select(tensor => LayerIn(tensor.Name))];
        string[] unnamed = keys.Length == 0 ? [] : [.. held.Where(layer => !keys.Any(key => IsEnd(key, layer)))];
        if (unnamed.Length > 0)
            yield return $"{ParametersField}.{Keys} leave out {unnamed.Length} layers that the file has factors for, such as " +
                $"{unnamed[0]}: {Strict}";
        // Counted from the end; a module that is named whole is taken wherever it lies.
        string[] before = layers - LayersTold is > 0 and var first
            ? [.. held.Where(layer => NumberIn(layer) < first && !keys.Contains(layer)).Except(unnamed)]
            : [];
        if (before.Length > 0)
            yield return $"{LayersField} {LayersTold} leaves out {before.Length} layers that the file has factors for, such as " +
                $"{before[0]}: {Strict}";

        if (Number(Dropout) is { } dropout and not 0)
            yield return TrainedDropouts.NotInForce($"{ParametersField}.{Dropout} {PlainValue.Text(dropout)}");
    }

    /// <summary>What it tells that is not used.</summary>
    /// <param name="tensors">The tensors beside it.</param>
    public IEnumerable<PassedOver> PassesOver(IReadOnlyList<TensorInfo> tensors)
    {
        if (Parameters is not { } own || Type == Full) yield break;
        foreach (var field in own.EnumerateObject())
            if (field.Name == "alpha")
                yield return new("config field", $"{ParametersField}.alpha", "mlx-lm never used it: its scale is what counts");
            else if (field.Name is not (Rank or Scale or Dropout or Keys))
                yield return new("config field", $"{ParametersField}.{field.Name}", "what it does is not known here");
        foreach (string key in KeysTold)
            if (!tensors.Any(tensor => IsEnd(key, LayerIn(tensor.Name))))
                yield return new("config field", $"{ParametersField}.{Keys} {key}", "no tensor is of such a layer");
    }

    IEnumerable<string> KeysTold => Parameters is { } own && own.TryGetProperty(Keys, out var keys) && keys.ValueKind == JsonValueKind.Array
        ? keys.EnumerateArray().Where(key => key.ValueKind == JsonValueKind.String).Select(key => key.GetString()!)
        : [];

    // How many layers from the end were looked at; null where it tells nothing, or all.
    int? LayersTold
    {
        get
        {
            if (!Json.TryGetProperty(LayersField, out var told) && !Json.TryGetProperty(OlderLayers, out told)) return null;
            return told.ValueKind == JsonValueKind.Number && told.TryGetInt32(out int count) && count > 0 ? count : null;
        }
    }

    static string LayerIn(string tensor) => tensor[..Math.Max(tensor.LastIndexOf('.'), 0)];

    static bool IsEnd(string key, string layer) => layer == key || layer.EndsWith("." + key, StringComparison.Ordinal);

    /// <summary>The number of the layer in which a module lies, as its path tells it; null where it lies in none.</summary>
    public static int? NumberIn(string path) => path.Split('.')
        .Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? (int?)number : null)
        .FirstOrDefault(number => number is not null);

    /// <summary>What it tells beside, as metadata: what PEFT tells too under PEFT's names, the rest under mlx-lm's own.</summary>
    public IEnumerable<KeyValuePair<string, string>> Metadata()
    {
        if (Json.TryGetProperty(ModelField, out var model) && model.ValueKind == JsonValueKind.String)
            yield return new(PeftCarriedFields.Base, model.GetString()!);
        if (Number(Dropout) is { } dropout and not 0) yield return new(DropoutField, dropout.ToString("R", CultureInfo.InvariantCulture));
        foreach (var field in Json.EnumerateObject().Where(field => !read.Contains(field.Name)))
            yield return new(Prefix + field.Name, field.Value.GetRawText());
    }
}
