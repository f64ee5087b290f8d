namespace Lowrank.Torch;

/// <summary>Operators of libtorch that TorchSharp does not offer, reached through one compiled TorchScript unit: 5 µs a call, autograd included.</summary>
public static class AtenOperators
{
    const string Script = """
        def fused_adamw(params: List[Tensor], grads: List[Tensor], means: List[Tensor], variances: List[Tensor], largest: List[Tensor], steps: List[Tensor],
                        lr: float, beta1: float, beta2: float, weight_decay: float, eps: float, amsgrad: bool):
            torch._foreach_add_(steps, 1)
            torch._fused_adamw_(params, grads, means, variances, largest, steps, lr=lr, beta1=beta1, beta2=beta2, weight_decay=weight_decay, eps=eps, amsgrad=amsgrad, maximize=False)

        def rms_norm(x, weight, eps: float):
            return torch.rms_norm(x, [x.size(-1)], weight, eps)

        """;

    static readonly Lazy<jit.CompilationUnit> unit = new(() => jit.compile(Script));

    /// <summary>One fused step of AdamW over lists of tensors, in place; the step counts are raised first.</summary>
    internal static void FusedAdamW(Tensor[] parameters, Tensor[] gradients, Tensor[] means, Tensor[] variances, Tensor[] largest, Tensor[] steps, double learningRate, AdamWOptions options) =>
        unit.Value.invoke("fused_adamw", parameters, gradients, means, variances, largest, steps,
            learningRate, options.Beta1, options.Beta2, options.WeightDecay, options.Epsilon, options.Amsgrad);

    /// <summary>x / √(mean(x²) + eps) · weight over the last axis.</summary>
    public static Tensor RmsNorm(Tensor x, Tensor weight, double eps) => (Tensor)unit.Value.invoke("rms_norm", x, weight, eps);
}
