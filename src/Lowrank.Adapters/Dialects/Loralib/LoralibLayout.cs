namespace Lowrank.Adapters;

/// <summary>loralib's factors: without an alpha, fused layers in slices, convolutions as matrices.</summary>
/// <remarks>
/// Files do not tell which slices of a merged layer (a fused q, k, v) are on: two of three are read as the outer ones, q and v, as
/// loralib's own examples have it. A convolution's factors B (out·k, rank·k) and A (rank·k, in·k) are a LoRA of rank rank·k² whose down
/// has a block for each row of the kernel; that they are a convolution's, a file tells by the bias beside them alone.
/// </remarks>
sealed class LoralibLayout : BakedAlphaLayout
{
    /// <summary>Whether a merged layer has two slices that are on, by its factors' shapes.</summary>
    public static bool HasTwoSlices(long[] down, long[] up) => up[1] * 2 == down[0];

    /// <inheritdoc/>
    public override StoredParts Read(FiledLayer layer, Target target, IReadOnlyDictionary<string, Tensor> parts, Initialization begin)
    {
        var (down, up) = (parts["down"].to(ScalarType.Float32), parts["up"].to(ScalarType.Float32));
        if (down.dim() != 2 || up.dim() != 2 || up.shape[1] == 0) throw new LowrankException($"{Told(down, up)} are no matrices");
        if (target.IsConvolution) (down, up) = Convolved(target, down, up);
        else if (down.shape[0] != up.shape[1]) up = Spread(target, down, up);
        var alpha = tensor((float)down.shape[0], device: CPU);
        return new(new Dictionary<string, Tensor>(parts) { ["down"] = down, ["up"] = up, ["alpha"] = alpha }, begin: begin);
    }

    // Each slice that is on sees its own ranks alone.
    static Tensor Spread(Target target, Tensor down, Tensor up)
    {
        long rank = up.shape[1], on = down.shape[0] / rank;
        bool isEqual = on * rank == down.shape[0] && up.shape[0] % on == 0 && target.Out % (up.shape[0] / on) == 0;
        if (!isEqual) throw new LowrankException($"{Told(down, up)} make no equal slices of {target}");
        long width = up.shape[0] / on;
        var whole = zeros(target.Out, rank * on, device: up.device);
        foreach (var (i, place) in PlacesOf(target, on, target.Out / width).Index())
            whole.narrow(0, place * width, width).narrow(1, i * rank, rank).copy_(up.narrow(0, i * width, width));
        return whole;
    }

    static int[] PlacesOf(Target target, long on, long slices)
    {
        if (on == slices) return [.. Enumerable.Range(0, (int)on)];
        if (on == 2 && slices == 3) return [0, 2];
        throw new LowrankException($"{on} of {slices} slices of {target} are on, and loralib's files do not tell which");
    }

    // (B·A).view(out, in, k, k): row a of a kernel's matrix (k, in·k) comes from rows o·k + a of B alone.
    static (Tensor Down, Tensor Up) Convolved(Target target, Tensor down, Tensor up)
    {
        long k = target.Kernel[0], rank = down.shape[0];
        bool isSquare = target.Kernel is [_, var other] && other == k;
        bool fits = up.shape[1] == rank && up.shape[0] == target.Out * k && down.shape[1] == target.In * k;
        if (!isSquare || !fits) throw new LowrankException($"{Told(down, up)} do not make the weight of {target}");
        var blocks = zeros(k, rank, k, target.In * k, device: down.device);
        for (long a = 0; a < k; a++) blocks[TensorIndex.Single(a), TensorIndex.Colon, TensorIndex.Single(a)] = down;
        return (blocks.reshape([k * rank, target.In, .. target.Kernel]), up.reshape(target.Out, k * rank));
    }

    static string Told(Tensor down, Tensor up) =>
        $"the factors A {down.shape.Text()} and B {up.shape.Text()}";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, long[]> Shapes(FiledLayer layer, IReadOnlyDictionary<string, long[]> shapes)
    {
        bool areMatrices = shapes.TryGetValue("down", out var down) & shapes.TryGetValue("up", out var up)
            && down is [> 0, > 0] && up is [> 0, > 0];
        if (!areMatrices) return shapes;
        var bias = BiasBeside(layer, shapes);
        if (down![0] == up![1]) return KernelOf(down, up, bias) is { } kernel ? AsConvolution(shapes, down, up, kernel) : shapes;
        if (down[0] % up[1] != 0) return shapes;
        // Without a bias to tell the outputs, two slices are two of three.
        long slices = down[0] / up[1], width = up[0] / slices;
        long outputs = bias ?? (HasTwoSlices(down, up) ? 3 * width : up[0]);
        return new Dictionary<string, long[]>(shapes) { ["up"] = [outputs, down[0]] };
    }

    // A convolution lies inside of its own layer, with its bias; a merged layer holds the bias itself.
    static long? BiasBeside(FiledLayer layer, IReadOnlyDictionary<string, long[]> shapes)
    {
        if (shapes.GetValueOrDefault(TrainedBias.Part) is [var own]) return own;
        string inner = layer.Name + ".conv.bias";
        return layer.File.Tensors.FirstOrDefault(t => t.Name == inner && t.Shape.Length == 1)?.Shape[0];
    }

    static long? KernelOf(long[] down, long[] up, long? outputs)
    {
        if (outputs is not (> 0 and var channels) || up[0] % channels != 0) return null;
        long k = up[0] / channels;
        return k > 1 && down[1] % k == 0 ? k : null;
    }

    static Dictionary<string, long[]> AsConvolution(IReadOnlyDictionary<string, long[]> shapes, long[] down, long[] up, long k) =>
        new(shapes) { ["down"] = [k * down[0], down[1] / k, k, k], ["up"] = [up[0] / k, k * up[1]] };
}
