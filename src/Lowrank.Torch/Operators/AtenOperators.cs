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
