namespace Lowrank.Workbench;

/// <summary>
/// An adapter's file as a base for inpainting takes it: what it says of the first convolution, which there sees mask and masked picture
/// besides the latents, is filled up with zeros.
/// </summary>
/// <remarks>AUTOMATIC1111 fills up the difference of the weights so (extensions-builtin/Lora/networks.py at 82a973c).</remarks>
sealed class WidenedAdapter : TensorFileView
{
    readonly int from, to;

    WidenedAdapter(ITensorFile file, int from, int to) : base(file)
    {
        (this.from, this.to) = (from, to);
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
    public override IReadOnlyList<TensorInfo> Tensors { get; }

    /// <inheritdoc/>
    protected override Tensor Seen(string name, Tensor stored)
    {
        long[] shape = stored.shape;
        if (!IsFirst(name) || !IsNarrow(name, shape)) return stored;
        long rows = shape[0];
        var filled = zeros([rows, to - from, shape.Length == 4 ? shape[2] * shape[3] : shape[1] / from], stored.dtype, stored.device);
        return cat([stored.reshape(rows, from, -1), filled], 1).reshape(WideShape(shape));
    }

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
