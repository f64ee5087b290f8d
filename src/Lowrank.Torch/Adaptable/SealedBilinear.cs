namespace Lowrank.Torch;

/// <summary>A bilinear layer: each output is x1·W·x2 of a matrix of its own.</summary>
sealed class SealedBilinear : SealedModule
{
    /// <summary>Of a layer.</summary>
    public SealedBilinear(TorchSharp.Modules.Bilinear layer) : base(layer) =>
        Weights = [new SealedWeight(this, "", "weight", layer.bias is null ? null : "bias")];

    protected override Delegate Answering =>
        (nn.Module<Tensor, Tensor, Tensor> _, Tensor x1, Tensor x2, Tensor answer) => Answer(
            answer,
            now => nn.functional.bilinear(x1, x2, now[0].Weight, now[0].Bias!),
            static (scope, result) => scope.MoveToOuter(result));
}
