namespace Lowrank.Models;

/// <summary>A router that gives each token to a few experts, and an expert that all tokens go through where there is one.</summary>
sealed class ExpertMlp : Layer<Tensor, Pass>
{
    readonly Linear gate;
    readonly Experts experts;
    readonly GatedMlp? shared;
    readonly Linear? sharedGate;
    readonly int chosen;
    readonly RouterRule rule;

    /// <param name="name">Its published class.</param>
    /// <param name="gate">The router, with its name.</param>
    /// <param name="experts">The experts.</param>
    /// <param name="chosen">How many a token goes through.</param>
    /// <param name="rule">How the experts' weights are made of what the router says.</param>
    /// <param name="shared">The expert of all tokens and its gate; null for none.</param>
    public ExpertMlp(string name, (string Name, Linear Layer) gate, Experts experts, int chosen, RouterRule rule,
        (GatedMlp Mlp, Linear Gate)? shared = null) : base(name)
    {
        (this.gate, this.experts, this.chosen, this.rule) = (gate.Layer, experts, chosen, rule);
        register_module(gate.Name, gate.Layer);
        register_module("experts", experts);
        if (shared is not { } own) return;
        (this.shared, sharedGate) = own;
        register_module("shared_expert", own.Mlp);
        register_module("shared_expert_gate", own.Gate);
    }

    // Its parts are registered under their published names, which are not those of fields.
    protected override void RegisterComponents() { }

    protected override Tensor Compute(Tensor x, Pass pass)
    {
        var tokens = x.reshape(-1, x.shape[^1]);   // (N, C)
        var said = gate.call(tokens);              // (N, E)
        pass.Routers?.Add(said.alias().DetachFromDisposeScope());
        var (weights, places) = Choice(said.to(ScalarType.Float32));
        var mixed = experts.call(tokens, places, weights);
        if (shared is not null) mixed = mixed + sharedGate!.call(tokens).sigmoid() * shared.call(tokens);
        return mixed.view(x.shape);
    }

    (Tensor Weights, Tensor Places) Choice(Tensor said)
    {
        if (rule == RouterRule.SoftmaxOfChosen)
        {
            var (scores, best) = said.topk(chosen, -1);
            return (scores.softmax(-1), best);
        }
        var (weights, places) = said.softmax(-1).topk(chosen, -1);
        return rule == RouterRule.MadeToSumToOne ? (weights / weights.sum(-1, keepdim: true), places) : (weights, places);
    }
}

/// <summary>How the weights of the chosen experts are made of what a router says.</summary>
enum RouterRule
{
    /// <summary>A softmax over all experts.</summary>
    SoftmaxOfAll,
    /// <summary>The same, and those of the chosen ones divided by their sum.</summary>
    MadeToSumToOne,
    /// <summary>A softmax over the chosen ones alone.</summary>
    SoftmaxOfChosen,
}
