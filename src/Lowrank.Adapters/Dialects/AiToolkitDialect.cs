namespace Lowrank.Adapters;

/// <summary>ai-toolkit's files for Stable Diffusion: kohya's names, DoRA's magnitudes as <c>.magnitude</c>, and its name in the metadata.</summary>
/// <remarks>
/// DoRA is PEFT's there, over outputs, and its files have no alpha: what would stand there is multiplied into up. Source: ostris/ai-toolkit toolkit/models/DoRA.py and
/// toolkit/network_mixins.py at 27a03a9.
/// </remarks>
public sealed class AiToolkitDialect : KohyaDialect
{
    const string Mark = "software", Program = "ai-toolkit", Magnitude = ".magnitude";

    static readonly HashSet<string> written = ["lora", "lokr"];

    /// <inheritdoc/>
    public override string Name => "ai-toolkit";

    /// <inheritdoc/>
    public override string Refines => "kohya";

    /// <summary>The one there is.</summary>
    public AiToolkitDialect() => Suffixes = [(Magnitude, "", Dora.Part), .. base.Suffixes];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; }

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) => base.Recognizes(keys) && keys.Any(key => key.EndsWith(Magnitude, StringComparison.Ordinal));

    /// <inheritdoc/>
    public override bool Recognizes(ITensorFile file)
    {
        var keys = file.Tensors.Select(t => t.Name).ToList();
        return Recognizes(keys) || base.Recognizes(keys) && file.Metadata.TryGetValue(Mark, out var software) && IsOfFile(Mark, software);
    }

    /// <inheritdoc/>
    public override StoredParts Stored(
        ITensorFile file, string name, Target target, MethodDescriptor method, IReadOnlyDictionary<string, Tensor> parts, Initialization begin) =>
        parts.ContainsKey(Dora.Part) ? new StoredParts(parts, PeftConfig.Empty, begin) : base.Stored(file, name, target, method, parts, begin);

    /// <inheritdoc/>
    public override string? KeyOf(Reparameterization reparameterization, string part, string name)
    {
        var method = reparameterization.Method.StoredAs ?? reparameterization.Method;
        if (!written.Contains(method.Name) || part == Dora.Part && (method.Name != "lora" || reparameterization.Settings?.Dora == DoraAxis.Input)) return null;
        return part is SparseRest.IndicesPart or SparseRest.ValuesPart or SparseRest.SizePart or Wrappers.ShapePart ? null : base.KeyOf(reparameterization, part, name);
    }

    /// <inheritdoc/>
    public override Tensor? Value(Reparameterization reparameterization, string part, Tensor value)
    {
        bool magnitudes = reparameterization.Parts.Any(p => p.Part == Dora.Part);
        return part == Dora.Part ? value.reshape(-1) : magnitudes ? Baked(reparameterization, part, value) : value;
    }

    /// <inheritdoc/>
    public override bool IsOfFile(string key, string value) => key == Mark && value.Contains(Program, StringComparison.Ordinal) || base.IsOfFile(key, value);

    /// <summary>With the mark by which ai-toolkit's files are known.</summary>
    public override IReadOnlyDictionary<string, string> MetadataFor(
        Adapter adapter, ModelDescription model, IReadOnlyList<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata) =>
        new Dictionary<string, string>(base.MetadataFor(adapter, model, tensors, metadata)) { [Mark] = $$"""{"name": "lowrank", "layout": "{{Program}}"}""" };
}
