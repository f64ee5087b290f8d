namespace Lowrank.Torch;

/// <summary>Operators of libtorch that TorchSharp does not offer, reached through one compiled TorchScript unit: 5 µs a call, autograd
/// included.</summary>
public static class AtenOperators
{
    const string Script = """
        def fused_adamw(params: List[Tensor], grads: List[Tensor], means: List[Tensor], variances: List[Tensor],
                        largest: List[Tensor], steps: List[Tensor], lr: float,
                        beta1: float, beta2: float, weight_decay: float, eps: float, amsgrad: bool):
            torch._foreach_add_(steps, 1)
            torch._fused_adamw_(params, grads, means, variances, largest, steps, lr=lr, beta1=beta1, beta2=beta2,
                                weight_decay=weight_decay, eps=eps, amsgrad=amsgrad, maximize=False)

        def rms_norm(x, weight, eps: float):
            return torch.rms_norm(x, [x.size(-1)], weight, eps)

        def rms_norm_rounded(x, weight, eps: float):
            wide = x.float()
            return (wide * torch.rsqrt(wide.square().mean([-1], keepdim=True) + eps)).to(x.dtype) * weight

        def rms_norm_around(x, weight, eps: float, offset: float):
            wide = x.float()
            normed = wide * torch.rsqrt(wide.square().mean([-1], keepdim=True) + eps)
            return (normed * (weight.float() + offset)).to(x.dtype)

        def turn_halves(x, cos, sin):
            half = cos.size(-1)
            first = x[..., :half]
            second = x[..., half:2 * half]
            turned = [first * cos - second * sin, second * cos + first * sin]
            if 2 * half < x.size(-1):
                turned.append(x[..., 2 * half:].to(turned[0].dtype))
            return torch.cat(turned, -1).to(x.dtype)

        def turn_pairs(x, cos, sin):
            last = 2 * cos.size(-1)
            first = x[..., 0:last:2]
            second = x[..., 1:last:2]
            turned = torch.stack([first * cos - second * sin, second * cos + first * sin], -1).flatten(-2)
            if last < x.size(-1):
                turned = torch.cat([turned, x[..., last:].to(turned.dtype)], -1)
            return turned.to(x.dtype)

        def take_storage(x, source):
            x.set_(source)

        def version(x):
            count = -1 if torch.is_inference(x) else x._version()
            return torch.zeros([], device=torch.device("cpu")) + count

        def versions(all: List[Tensor]):
            count = 0
            for x in all:
                if torch.is_inference(x):
                    return torch.full([], -1, device=torch.device("cpu"))
                count += x._version()
            return torch.full([], count, device=torch.device("cpu"))

        """;

    static readonly Lazy<jit.CompilationUnit> unit = new(() => jit.compile(Script));

    // invoke() makes a native scalar of each number and keeps none of them alive, so that a busy collector frees them under libtorch's
    // feet, build's cure or not: the scalars are made here, and live until the call has returned.
    static object Invoke(string function, params object[] arguments)
    {
        Scalar[] scalars = [.. arguments.OfType<double>().Select(number => (Scalar)number)];
        int next = 0;
        object[] held = [.. arguments.Select(argument => argument is double ? scalars[next++] : argument)];
        var result = unit.Value.invoke(function, held);
        foreach (var scalar in scalars) scalar.Dispose();
        return result;
    }

    /// <summary>One fused step of AdamW over lists of tensors, in place; the step counts are raised first.</summary>
    internal static void FusedAdamW(
        Tensor[] parameters, Tensor[] gradients, Tensor[] means, Tensor[] variances, Tensor[] largest, Tensor[] steps,
        double learningRate, double beta1, double beta2, double weightDecay, double epsilon, bool amsgrad) =>
        Invoke("fused_adamw", parameters, gradients, means, variances, largest, steps,
            learningRate, beta1, beta2, weightDecay, epsilon, amsgrad);

    /// <summary>x / √(mean(x²) + eps) · weight over the last axis.</summary>
    public static Tensor RmsNorm(Tensor x, Tensor weight, double eps) => (Tensor)Invoke("rms_norm", x, weight, eps);

    /// <summary>The same with the mean in float32 and the quotient rounded to x's dtype before the product.</summary>
    internal static Tensor RmsNormRounded(Tensor x, Tensor weight, double eps) => (Tensor)Invoke("rms_norm_rounded", x, weight, eps);

    /// <summary>x / √(mean(x²) + eps) · (offset + weight), all in float32, rounded to x's dtype at the end.</summary>
    internal static Tensor RmsNormAround(Tensor x, Tensor weight, double eps, double offset) =>
        (Tensor)Invoke("rms_norm_around", x, weight, eps, offset);

    /// <summary>Turns the first 2r numbers of the last axis by angles: number i and number i + r together; those beyond stay.</summary>
    /// <param name="x">(..., d).</param>
    /// <param name="cos">The angles' cosines (..., r), broadcast; the turn is computed in their dtype or x's, whichever is wider.</param>
    /// <param name="sin">Their sines.</param>
    internal static Tensor TurnHalves(Tensor x, Tensor cos, Tensor sin) => (Tensor)Invoke("turn_halves", x, cos, sin);

    /// <summary>The same with neighbours together: number 2i and number 2i + 1.</summary>
    /// <param name="x">(..., d).</param>
    /// <param name="cos">The angles' cosines (..., r).</param>
    /// <param name="sin">Their sines.</param>
    internal static Tensor TurnPairs(Tensor x, Tensor cos, Tensor sin) => (Tensor)Invoke("turn_pairs", x, cos, sin);

    /// <summary>Makes <paramref name="x"/> hold the elements of <paramref name="source"/> (same shape and dtype) without copying them: both
    /// share them then. Every handle of x sees it; a view of x made before keeps the old elements.</summary>
    public static void TakeStorage(this Tensor x, Tensor source) => Invoke("take_storage", x, source);

    /// <summary>How often a tensor was changed in place, through itself or what shares its elements: a kept answer whose count has moved is
    /// another's. -1 where libtorch does not count, for what was made in inference mode.</summary>
    public static long Version(this Tensor x)
    {
        using var count = (Tensor)Invoke("version", x);
        return (long)count.ToDouble();
    }

    /// <summary>How often any of some tensors was changed in place, counted together: one call for all. -1 where libtorch does not count
    /// one of them.</summary>
    public static long Versions(Tensor[] all)
    {
        using var count = (Tensor)Invoke("versions", (object)all);
        return count.ToInt64();
    }
}
