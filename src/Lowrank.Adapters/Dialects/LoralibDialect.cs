namespace Lowrank.Adapters;

/// <summary>loralib's state dicts: <c>transformer.h.0.attn.c_attn.lora_A</c>, a model's own paths.</summary>
/// <remarks>
/// They tell neither alpha nor, of a merged layer (a fused q, k, v), which slices are on. Alpha is read as the rank, and written into up; two slices of three are read as the outer ones, q
/// and v, as loralib's own examples have it; both are told. A convolution's factors B (out·k, rank·k) and A (rank·k, in·k) are a LoRA of rank rank·k² whose down has a block for each row of
/// the kernel. Source: microsoft/LoRA loralib 0.1.2, layers.py and utils.py.
/// </remarks>
public sealed class LoralibDialect : Dialect
{
    const string Down = ".lora_A", Up = ".lora_B";

    /// <inheritdoc/>
    public override string Name => "loralib";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; } = [(Down, "lora", "down"), (Up, "lora", "up"), (".bias", "", TrainedBias.Part)];

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) => keys.Any(key => (key.EndsWith(Down, StringComparison.Ordinal) || key.EndsWith(Up, StringComparison.Ordinal)) && !PeftDialect.Begins(key) && !ComfyUiDialect.Begins(key));

    /// <inheritdoc/>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target) =>
        model.Components.Count == 1 ? [PathIn(component, target)] : [target.Path, PathIn(component, target)];

    /// <inheritdoc/>
    public override string PathOf(string name) => name;

    /// <inheritdoc/>
    public override IEnumerable<string> NotesOn(ITensorFile file)
    {
        yield return "loralib's files do not tell alpha: it is read as the rank; where it was another, use strength alpha/rank";
        var shapes = file.Tensors.ToDictionary(t => t.Name, t => t.Shape);
        var merged = shapes.Where(t => t.Key.EndsWith(Down, StringComparison.Ordinal) && t.Value.Length == 2
            && shapes.TryGetValue(t.Key[..^Down.Length] + Up, out var up) && up.Length == 2 && up[1] * 2 == t.Value[0]).Select(t => t.Key[..^Down.Length]).ToList();
        if (merged.Count > 0)
            yield return $"{merged.Count} layers such as {merged[0]} have two slices, and loralib's files do not tell which; of three they are read as the first and the last (q and v)";
    }

    /// <inheritdoc/>
    public override StoredParts Stored(
        ITensorFile file, string name, Target target, MethodDescriptor method, IReadOnlyDictionary<string, Tensor> parts, Initialization begin)
    {
        var (down, up) = (parts["down"].to(ScalarType.Float32), parts["up"].to(ScalarType.Float32));
        if (down.dim() != 2 || up.dim() != 2 || up.shape[1] == 0) throw new LowrankException($"the factors A ({string.Join(", ", down.shape)}) and B ({string.Join(", ", up.shape)}) are no matrices");
        if (target.IsConvolution) (down, up) = Convolved(target, down, up);
        else if (down.shape[0] != up.shape[1]) up = Spread(target, down, up);
        return new(new Dictionary<string, Tensor>(parts) { ["down"] = down, ["up"] = up, ["alpha"] = tensor((float)down.shape[0]) }, begin: begin);
    }

    // Each slice that is on sees its own ranks alone.
    static Tensor Spread(Target target, Tensor down, Tensor up)
    {
        long rank = up.shape[1], on = down.shape[0] / rank;
        if (on * rank != down.shape[0] || up.shape[0] % on != 0 || target.Out % (up.shape[0] / on) != 0)
            throw new LowrankException($"the factors A ({string.Join(", ", down.shape)}) and B ({string.Join(", ", up.shape)}) make no equal slices of {target}");
        long width = up.shape[0] / on, slices = target.Out / width;
        var places = on == slices ? Enumerable.Range(0, (int)on) : on == 2 && slices == 3 ? [0, 2]
            : throw new LowrankException($"{on} of {slices} slices of {target} are on, and loralib's files do not tell which");
        var whole = zeros(target.Out, rank * on);
        foreach (var (place, i) in places.Select((place, i) => (place, i))) whole.narrow(0, place * width, width).narrow(1, i * rank, rank).copy_(up.narrow(0, i * width, width));
        return whole;
    }

    // (B·A).view(out, in, k, k): row a of a kernel's matrix (k, in·k) comes from rows o·k + a of B alone.
    static (Tensor Down, Tensor Up) Convolved(Target target, Tensor down, Tensor up)
    {
        long k = target.Kernel[0], rank = down.shape[0];
        int axes = target.Kernel.Length;
        if (axes != 2 || target.Kernel[1] != k || up.shape[1] != rank || up.shape[0] != target.Out * k || down.shape[1] != target.In * k)
            throw new LowrankException($"the factors A ({string.Join(", ", down.shape)}) and B ({string.Join(", ", up.shape)}) do not make the weight of {target}");
        var blocks = zeros(k, rank, k, target.In * k);
        for (long a = 0; a < k; a++) blocks[TensorIndex.Single(a), TensorIndex.Colon, TensorIndex.Single(a)] = down;
        return (blocks.reshape([k * rank, target.In, .. target.Kernel]), up.reshape(target.Out, k * rank));
    }

    /// <inheritdoc/>
    public override string? KeyOf(Reparameterization reparameterization, string part, string name) => reparameterization.Target.IsConvolution ? null : base.KeyOf(reparameterization, part, name);

    /// <inheritdoc/>
    public override Tensor? Value(Reparameterization reparameterization, string part, Tensor value) => Baked(reparameterization, part, value);
}
