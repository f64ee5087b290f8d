namespace Lowrank.Models;

/// <summary>The loss that keeps routers from giving all tokens to few experts (Fedus et al., arXiv 2101.03961).</summary>
public static class ExpertBalance
{
    /// <summary>
    /// Experts times the sum over experts of how many tokens chose one and how much routers think of it, each averaged over real tokens and
    /// layers.
    /// </summary>
    /// <param name="routers">What the routers said, (B·T, experts) a layer, see <see cref="LanguageOutput.Routers"/>.</param>
    /// <param name="chosen">How many experts a token goes through.</param>
    /// <param name="mask">1 at real tokens, (B, T); null: all are.</param>
    public static Tensor Loss(IReadOnlyList<Tensor> routers, int chosen, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(routers);
        if (routers.Count == 0)
            throw new LowrankException("no router said anything; set KeepsRouters of the input, on a model with experts.");
        using var scope = NewDisposeScope();
        var all = cat([.. routers.Select(router => router.to(ScalarType.Float32))], 0);
        long experts = all.shape[1];
        if (mask is not null) all = all.index_select(0, mask.reshape(-1).repeat(routers.Count).nonzero().squeeze(1));
        var thought = all.softmax(-1);
        var (_, places) = thought.topk(chosen, -1);
        var taken = zeros_like(thought).scatter(1, places, ones_like(places, thought.dtype));   // (N, E): 1 where chosen
        return scope.MoveToOuter((taken.mean([0]) * thought.mean([0])).sum() * experts);
    }
}
