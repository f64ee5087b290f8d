namespace Lowrank.Training;

/// <summary>Puts what an adapter trains into groups by learning rate: component, rules for layers, factors for blocks, LoRA+.</summary>
public static class RateGroups
{
    /// <summary>The groups: first those of what is no text encoder, then the text encoders'.</summary>
    /// <param name="adapter">What is trained.</param>
    /// <param name="roles">What the model's components do, by their names.</param>
    /// <param name="plan">Rates and factors of single layers; a layer that is not in it has its component's rate.</param>
    /// <param name="unetRate">Rate of the UNet and of what is no text encoder; at 0 it is not trained.</param>
    /// <param name="textEncoderRate">Rate of the text encoders; at 0 they are not trained.</param>
    /// <param name="plus">LoRA+.</param>
    /// <param name="decaysBiases">Whether weight decay acts on biases and norms too, as torch has it, and not on matrices alone, as
    /// transformers' trainer. Default true.</param>
    public static IReadOnlyList<RateGroup> Of(
        Adapter adapter,
        IReadOnlyDictionary<string, ComponentRole> roles,
        IEnumerable<PlannedTarget> plan,
        double unetRate,
        double textEncoderRate,
        LoraPlus plus,
        bool decaysBiases = true)
    {
        var planned = plan.ToDictionary(one => one.Target.Path);
        var groups = new Grouping(plus, decaysBiases);
        foreach (var (path, made) in adapter.Targets)
            if (!OfText(path)) groups.Add("unet", ComponentRole.Denoiser, path, made, RateOf(path, unetRate));
        foreach (var (path, made) in adapter.Targets)
            if (OfText(path)) groups.Add("text_encoder", ComponentRole.TextEncoder, path, made, RateOf(path, textEncoderRate));
        return groups.All;

        bool OfText(string path) => roles.GetValueOrDefault(path.Split('.')[0]) == ComponentRole.TextEncoder;

        double RateOf(string path, double componentRate) =>
            planned.TryGetValue(path, out var own) ? own.LearningRate ?? componentRate * own.RateFactor : componentRate;
    }

    // Parameters as they are met; what several targets share is trained once.
    sealed class Grouping(LoraPlus plus, bool decaysBiases)
    {
        readonly HashSet<IntPtr> seen = [];
        readonly OrderedDictionary<Key, List<(string Target, string Name, Tensor Value)>> groups = [];

        public IReadOnlyList<RateGroup> All =>
        [
            .. groups.Select(group => new RateGroup(group.Key.Name, group.Key.Rate, group.Value, group.Key.Decays)
            {
                DecaysToward = group.Key.Toward,
            }),
        ];

        readonly record struct Key(string Name, double Rate, bool Decays, double Toward);

        public void Add(string name, ComponentRole role, string path, Reparameterization made, double rate)
        {
            if (!(rate > 0)) return;
            bool ofEmbedding = made.Target.Kind == LayerKind.Embedding;
            foreach (var (own, parameter) in made.named_parameters())
            {
                if (!parameter.requires_grad || !seen.Add(parameter.Handle)) continue;
                var (rateWithPlus, isFast, decays) = plus.Of(role, own, parameter.dim(), ofEmbedding, rate);
                decays &= decaysBiases || !IsBias(made, own);
                var key = new Key(isFast ? $"{name} plus" : name, rateWithPlus, decays, OwnerOf(made, own).DecaysToward);
                if (!groups.TryGetValue(key, out var members)) groups[key] = members = [];
                members.Add((path, own, parameter));
            }
        }

        // What a wrapper trains beside a method decays as the wrapper says, and the method's own as the method does.
        static Reparameterization OwnerOf(Reparameterization made, string name) =>
            made.named_modules().Where(one => name.StartsWith(one.name + ".", StringComparison.Ordinal))
                .OrderBy(one => one.name.Length).Select(one => one.module).OfType<Reparameterization>().LastOrDefault() ?? made;

        static bool IsBias(Reparameterization made, string name) =>
            made.Target.Kind == LayerKind.Norm || name[(name.LastIndexOf('.') + 1)..].Contains("bias", StringComparison.Ordinal);
    }
}
