namespace Lowrank.Workbench;

/// <summary>
/// An adapter's file as a base for inpainting takes it: what it says of the first convolution, which there sees mask and masked picture
/// besides the latents, is filled up with zeros.
/// </summary>
/// <remarks>AUTOMATIC1111 fills up the difference of the weights so (extensions-builtin/Lora/networks.py at 82a973c).</remarks>
sealed class WidenedAdapter : ITensorFile
{
    readonly ITensorFile file;
    readonly int from, to;

    WidenedAdapter(ITensorFile file, int from, int to)
    {
        (this.file, this.from, this.to) = (file, from, to);
        Tensors = [.. file.Tensors.Select(tensor => Widened(tensor))];
    }

    /// <summary>Opens a file for a model, as it is where the model's network sees latents alone.</summary>
    public static ITensorFile Open(string path, StableDiffusion model)
    {
        var file = AdapterFile.Open(path);
        int from = model.VaeConfig.LatentChannels, to = model.UNetConfig.InChannels;
        return to > from ? new WidenedAdapter(file, from, to) : file;
    }

    /// <inheritdoc/>
    public string Path => file.Path;

    /// <inheritdoc/>
    public string Container => file.Container;

    /// <inheritdoc/>
    public IReadOnlyList<TensorInfo> Tensors { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata => file.Metadata;

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes => file.Notes;

    /// <inheritdoc/>
    public Tensor Read(string name)
    {
        var tensor = file.Read(name);
        long[] shape = tensor.shape;
        if (!IsFirst(name) || !IsNarrow(name, shape)) return tensor;
        using var scope = NewDisposeScope();
        scope.Attach(tensor);
        long rows = shape[0];
        var filled = zeros([rows, to - from, shape.Length == 4 ? shape[2] * shape[3] : shape[1] / from], tensor.dtype, tensor.device);
        var wide = cat([tensor.reshape(rows, from, -1), filled], 1);
        return scope.MoveToOuter(wide.reshape(WideShape(shape)));
    }

    /// <inheritdoc/>
    public double ReadScalar(string name) => file.ReadScalar(name);

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    TensorInfo Widened(TensorInfo tensor) =>
        IsFirst(tensor.Name) && IsNarrow(tensor.Name, tensor.Shape) ? tensor with { Shape = WideShape(tensor.Shape) } : tensor;

    long[] WideShape(long[] shape) => shape.Length == 4 ? [shape[0], to, .. shape[2..]] : [shape[0], shape[1] / from * to];

    static bool IsFirst(string name) => Array.Exists(firsts, first => name.Contains(first, StringComparison.Ordinal));

    // Factors over the layer's inputs, whole differences, and LoHa's, whose inputs lie flat.
    bool IsNarrow(string name, long[] shape)
    {
        if (shape.Length == 4) return shape[1] == from && Array.Exists(overInputs, part => name.Contains(part, StringComparison.Ordinal));
        return shape.Length == 2 && shape[1] % from == 0 && Array.Exists(flat, part => name.EndsWith(part, StringComparison.Ordinal));
    }

    static readonly string[] firsts = ["unet_conv_in.", "unet.conv_in.", "input_blocks_0_0.", "input_blocks.0.0."];
    static readonly string[] overInputs = ["lora_down", "lora.down", "lora_A", ".diff"], flat = ["hada_w1_b", "hada_w2_b"];
}
