namespace Lowrank.Models;

/// <summary>
/// A checkpoint whose weights are stored as float8 with a scale beside each, which is multiplied in where they are read: from there on they
/// are float32.
/// </summary>
/// <remarks>
/// ComfyUI's "scaled fp8": <c>layer.scale_weight</c> beside <c>layer.weight</c>, and a key <c>scaled_fp8</c> that says so (comfy/ops.py at
/// 0.3.64); its newer spelling is <c>layer.weight_scale</c>, with a format in <c>layer.comfy_quant</c>. A scale is one number, or one
/// for each row. <c>scale_input</c> and <c>input_scale</c> are for products in float8, which are not done here. What is no scale of a
/// float weight of the file, such as those of four-bit formats, stays a key of its own, which nobody knows.
/// </remarks>
sealed class ScaledWeights : TensorFileView
{
    const string Mark = "scaled_fp8", Weight = ".weight";

    // A scale's ending, and those of what goes with it.
    static readonly (string Scale, string[] Beside)[] spellings =
        [(".scale_weight", [".scale_input"]), (".weight_scale", [".input_scale", ".comfy_quant"])];

    readonly ITensorFile file;
    readonly Dictionary<string, string> scales = [];

    ScaledWeights(ITensorFile file, Dictionary<string, string> scales, HashSet<string> extras) : base(file)
    {
        (this.file, this.scales) = (file, scales);
        Tensors = [.. file.Tensors.Where(tensor => !extras.Contains(tensor.Name)).Select(Widened)];
    }

    /// <summary>The same file, or one whose scales are multiplied in where it has some; taken over.</summary>
    public static ITensorFile Of(ITensorFile file)
    {
        var tensors = file.Tensors.ToDictionary(tensor => tensor.Name);
        var scales = new Dictionary<string, string>();
        var extras = new HashSet<string>();
        foreach (var (ending, beside) in spellings)
            foreach (string name in tensors.Keys.Where(name => name.EndsWith(ending, StringComparison.Ordinal)))
            {
                string layer = name[..^ending.Length];
                if (!tensors.TryGetValue(layer + Weight, out var weight) || !Scales(tensors[name], weight)) continue;
                scales[weight.Name] = name;
                extras.UnionWith([name, .. beside.Select(end => layer + end)]);
            }
        if (scales.Count > 0 || tensors.ContainsKey(Mark)) extras.Add(Mark);
        return extras.Count > 0 ? new ScaledWeights(file, scales, extras) : file;
    }

    // One number, or one for each row.
    static bool Scales(TensorInfo scale, TensorInfo weight)
    {
        bool isFloat = weight.Dtype.IsFloat() || weight.Dtype.IsFloat8();
        bool isOfRows = scale.Shape is [var rows, ..] && rows == scale.Count && weight.Shape is [var all, ..] && rows == all;
        return isFloat && scale.Dtype.IsFloat() && (scale.Count == 1 || isOfRows);
    }

    TensorInfo Widened(TensorInfo tensor) =>
        scales.ContainsKey(tensor.Name) && tensor.Dtype.IsFloat8() ? tensor with { Dtype = TensorDtype.F32 } : tensor;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorInfo> Tensors { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes => scales.Count == 0 ? file.Notes
        : [.. file.Notes, $"{scales.Count} weights are stored with a scale, which is multiplied in; they are float32 from there on"];

    /// <inheritdoc/>
    protected override Tensor Seen(string name, Tensor stored)
    {
        if (!scales.TryGetValue(name, out string? key)) return stored;
        var scale = file.Read(key).to(stored.dtype);
        long[] rows = [scale.numel(), .. Enumerable.Repeat(1L, (int)stored.dim() - 1)];
        return stored.mul_(scale.numel() == 1 ? scale.reshape([]) : scale.reshape(rows));
    }
}
