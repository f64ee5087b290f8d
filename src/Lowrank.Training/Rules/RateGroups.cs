namespace Lowrank.Training;

/// <summary>Puts what an adapter trains into groups by learning rate: component, rules for layers, factors for blocks, LoRA+.</summary>
public static class RateGroups
{
    /// <summary>The groups: the UNet's, then the text encoders'; of a component first those with its own rate.</summary>
    /// <param name="adapter">What is trained.</param>
    /// <param name="plan">Rates and factors of single layers; a layer that is not in it has its component's rate.</param>
    /// <param name="unetRate">Rate of the UNet and of what is no text encoder; at 0 it is not trained.</param>
    /// <param name="textEncoderRate">Rate of the text encoders; at 0 they are not trained.</param>
    /// <param name="plus">LoRA+.</param>
    public static IReadOnlyList<RateGroup> Of(
        Adapter adapter, IEnumerable<PlannedTarget> plan, double unetRate, double textEncoderRate, LoraPlus plus)
    {
        var planned = plan.ToDictionary(p => p.Target.Path);
        var seen = new HashSet<IntPtr>();   // what several targets share is trained once
        var rated =
            from component in new[] { (Name: "unet", Rate: unetRate), (Name: "text_encoder", Rate: textEncoderRate) }
            from target in adapter.Targets
            where target.Key.StartsWith("text_encoder", StringComparison.Ordinal) == (component.Name == "text_encoder")
            let own = planned.GetValueOrDefault(target.Key)
            let rate = own?.LearningRate ?? component.Rate * (own?.RateFactor ?? 1)
            where rate > 0
            let ofEmbedding = target.Value.Target.Kind == LayerKind.Embedding
            from named in target.Value.named_parameters()
            where named.parameter.requires_grad && seen.Add(named.parameter.Handle)
            let got = plus.Of(component.Name, named.name, named.parameter.dim(), ofEmbedding, rate)
            let key = (Name: component.Name + (got.Fast ? " plus" : ""), got.Rate, got.Decays)
            select (Group: key, Parameter: (target.Key, named.name, (Tensor)named.parameter));
        return [.. rated.GroupBy(r => r.Group, r => r.Parameter).Select(g => new RateGroup(g.Key.Name, g.Key.Rate, [.. g], g.Key.Decays))];
    }
}
