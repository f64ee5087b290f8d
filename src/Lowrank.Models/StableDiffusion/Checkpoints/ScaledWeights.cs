namespace Lowrank.Models;

/// <summary>A checkpoint whose weights are stored as float8 with a scale beside each, which is multiplied in where they are read.</summary>
/// <remarks>
/// ComfyUI's "scaled fp8": <c>layer.scale_weight</c> beside <c>layer.weight</c>, and a key <c>scaled_fp8</c> that says so
/// (comfy/ops.py at 0.3.64). <c>scale_input</c> is for products in float8, which are not done here.
/// </remarks>
/// <param name="file">The checkpoint; taken over.</param>
sealed class ScaledWeights(ITensorFile file) : ITensorFile
{
    const string Mark = "scaled_fp8", Weight = ".weight", Scale = ".scale_weight", Input = ".scale_input";

    readonly HashSet<string> scales = [.. file.Tensors.Select(tensor => tensor.Name).Where(IsScale)];

    /// <summary>The same file, or one whose scales are multiplied in where it has some.</summary>
    public static ITensorFile Of(ITensorFile file) =>
        file.Tensors.Any(tensor => IsExtra(tensor.Name)) ? new ScaledWeights(file) : file;

    /// <inheritdoc/>
    public string Path => file.Path;

    /// <inheritdoc/>
    public string Container => file.Container;

    /// <inheritdoc/>
    public IReadOnlyList<TensorInfo> Tensors { get; } = [.. file.Tensors.Where(tensor => !IsExtra(tensor.Name))];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata => file.Metadata;

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes => [.. file.Notes, $"{scales.Count} weights are stored with a scale, which is multiplied in"];

    /// <inheritdoc/>
    public Tensor Read(string name) => Scaled(name, file.Read(name));

    /// <inheritdoc/>
    public Tensor Read(string name, Scratch scratch) => Scaled(name, file.Read(name, scratch));

    /// <inheritdoc/>
    public void Expect(string name) => file.Expect(name);

    /// <inheritdoc/>
    public double ReadScalar(string name) => file.ReadScalar(name);

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    Tensor Scaled(string name, Tensor stored)
    {
        if (!name.EndsWith(Weight, StringComparison.Ordinal)) return stored;
        string scale = name[..^Weight.Length] + Scale;
        return scales.Contains(scale) ? stored.mul_(file.ReadScalar(scale)) : stored;
    }

    static bool IsScale(string name) => name.EndsWith(Scale, StringComparison.Ordinal);

    static bool IsExtra(string name) => name == Mark || IsScale(name) || name.EndsWith(Input, StringComparison.Ordinal);
}
