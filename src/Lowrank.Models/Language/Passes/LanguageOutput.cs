namespace Lowrank.Models;

/// <summary>What a language model's body gives for its input. The tensors belong to the caller's scope.</summary>
/// <param name="Hidden">The state after the last layer and the final norm, (B, T, C): what heads read.</param>
/// <param name="Layers">Where asked for: the state after the embeddings, then after every layer, before the final norm; else
/// empty.</param>
/// <param name="Routers">Where asked for: of each layer that has experts, what its router said, (B·T, experts); else empty.</param>
public sealed record LanguageOutput(Tensor Hidden, IReadOnlyList<Tensor> Layers, IReadOnlyList<Tensor> Routers)
{
    internal static LanguageOutput MoveOut(DisposeScope scope, LanguageOutput output)
    {
        scope.MoveToOuter(output.Hidden);
        foreach (var state in output.Layers) scope.MoveToOuter(state);
        foreach (var router in output.Routers) scope.MoveToOuter(router);
        return output;
    }
}
