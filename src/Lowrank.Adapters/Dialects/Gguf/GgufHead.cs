namespace Lowrank.Adapters;

/// <summary>What a GGUF file's metadata tell of an adapter.</summary>
/// <param name="Entries">The metadata.</param>
sealed record GgufHead(GgufMetadata Entries)
{
    /// <summary>Keys of the metadata.</summary>
    public const string ArchitectureKey = "general.architecture", TypeKey = "general.type", NameKey = "general.name",
        KindKey = "adapter.type", AlphaKey = "adapter.lora.alpha", InvocationKey = "adapter.alora.invocation_tokens",
        VersionKey = "general.quantization_version";

    /// <summary>What <see cref="TypeKey"/> is of an adapter, and <see cref="KindKey"/> of one that can be read.</summary>
    public const string Adapter = "adapter", Lora = "lora";

    /// <summary>The metadata of a file; null where it is no GGUF file.</summary>
    public static GgufHead? Of(ITensorFile file) => file switch
    {
        GgufAdapterFile adapter => adapter.Head,
        GgufFile gguf => new(gguf.Entries),
        _ => null,
    };

    /// <summary>What llama.cpp calls the base's family; null where it is not told.</summary>
    public string? Architecture => Text(ArchitectureKey);

    /// <summary>What the file says it is: "adapter", "model"; null where it says nothing.</summary>
    public string? Type => Text(TypeKey);

    /// <summary>Which kind of adapter it says it is; null where it says nothing.</summary>
    public string? Kind => Text(KindKey);

    /// <summary>Numerator of the scale of all pairs; null where it is absent, or no number.</summary>
    public double? Alpha => Entries.Find(AlphaKey)?.Value switch
    {
        float value => value,
        double value => value,
        uint value => value,
        int value => value,
        _ => null,
    };

    /// <summary>The tokens from which on an activated LoRA works; null for other adapters.</summary>
    public IReadOnlyList<long>? InvocationTokens =>
        Entries.Find(InvocationKey)?.Value is GgufArray { ElementType: var type } tokens
        && type is not (GgufType.Text or GgufType.Array or GgufType.F32 or GgufType.F64)
            ? tokens.Integers()
            : null;

    string? Text(string key) => Entries.Find(key)?.Value as string;

    /// <summary>What keeps the adapter from being understood, one sentence each.</summary>
    public IEnumerable<string> Faults()
    {
        if (Type is not (null or Adapter)) yield return $"{TypeKey} is {Type}, and an adapter's is {Adapter}";
        if (Kind is not (null or Lora)) yield return $"{KindKey} is {Kind}, and {Lora} alone is read";
        if (Entries.Find(AlphaKey) is { } alpha && Alpha is null)
            yield return $"{AlphaKey} is {alpha.Shown} ({alpha.TypeWord}), and no number";
        if (Alpha is { } value && !double.IsFinite(value)) yield return $"{AlphaKey} is {PlainValue.Text(value)}, and no finite number";
        if (Entries.Find(InvocationKey) is { } told && InvocationTokens?.All(token => token is >= 0 and <= int.MaxValue) != true)
            yield return $"{InvocationKey} is {told.Shown} ({told.TypeWord}), and a list of tokens belongs there";
    }

    /// <summary>What llama.cpp would not take, or takes otherwise than one expects.</summary>
    public IEnumerable<string> Notes()
    {
        if (Type is null) yield return $"{TypeKey} is not told, without which llama.cpp refuses the file";
        if (Entries.Find(AlphaKey) is { } alpha && alpha.Type != GgufType.F32)
            yield return $"{AlphaKey} is kept as {alpha.TypeWord}, at which llama.cpp's process ends; written anew it is f32";
        if (Alpha is null or 0)
            yield return $"{AlphaKey} is {(Alpha is null ? "absent" : "0")}, which to llama.cpp means no scale: it is read as the rank";
        if (Entries.Find(InvocationKey) is { } tokens && tokens.TypeWord != "array[u32]")
            yield return $"{InvocationKey} is kept as {tokens.TypeWord}, which llama.cpp refuses; written anew it is array[u32]";
    }
}
