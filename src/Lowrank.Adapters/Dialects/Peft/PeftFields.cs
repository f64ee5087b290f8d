using System.Text.RegularExpressions;

namespace Lowrank.Adapters;

/// <summary>The fields by which PEFT loads an adapter, gathered from what was made.</summary>
/// <param name="type">PEFT's type of the adapter's method.</param>
/// <param name="method">The method.</param>
/// <param name="own">The layers of that method by the paths by which PEFT knows them.</param>
sealed class PeftFields(PeftType type, MethodDescriptor method, List<(string Path, Reparameterization Made)> own)
{
    // Methods that PEFT stores beside another.
    static readonly string[] companions = ["whole", "trainable-tokens"];

    readonly SortedDictionary<string, object?> fields = new(StringComparer.Ordinal);

    /// <summary>The fields that PEFT needs to load an adapter.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <param name="model">The model, or those of its components that the fields are for.</param>
    /// <param name="pathOf">The path by which PEFT knows a layer.</param>
    /// <exception cref="LowrankException">PEFT has no such method, or none that goes together with another of the adapter's.</exception>
    public static SortedDictionary<string, object?> Of(Adapter adapter, ModelDescription model, Func<ModelComponent, Target, string> pathOf)
    {
        var named = Named(adapter, model, pathOf);
        var method = MainOf(named);
        var type = TypeOf(method);
        var gathered = new PeftFields(type, method, [.. named.Where(n => Spelling.StoredMethod(n.Made) == method)]);
        gathered.AddCommon(adapter, model, pathOf);
        gathered.AddArguments();
        gathered.AddScales();
        gathered.AddCompanions(named);
        return gathered.fields;
    }

    static List<(string Path, Reparameterization Made)> Named(
        Adapter adapter, ModelDescription model, Func<ModelComponent, Target, string> pathOf)
    {
        var named = new List<(string Path, Reparameterization Made)>();
        var biased = new List<string>();
        foreach (var component in model.Components)
            foreach (var (target, layer) in component.Targets)
            {
                if (!adapter.Targets.TryGetValue(target.Path, out var made)) continue;
                named.Add((pathOf(component, target), made));
                if (made is Ia3 { OnInput: false, ScalesBias: false } && layer.Bias is not null) biased.Add(target.Path);
            }
        if (biased.Count == 0) return named;
        throw new LowrankException(
            $"PEFT's IA3 scales an output's bias, and this adapter does not, as at {biased[0]}; it cannot be written as PEFT's");
    }

    static MethodDescriptor MainOf(List<(string Path, Reparameterization Made)> named)
    {
        var methods = named.Select(n => Spelling.StoredMethod(n.Made)).Distinct().ToList();
        var mains = methods.Where(m => !companions.Contains(m.Name)).DefaultIfEmpty(methods[0]).ToList();
        if (mains is [var one]) return one;
        string all = string.Join(", ", mains.Select(m => m.Name));
        throw new LowrankException($"a PEFT folder holds one method, and the adapter has {all}");
    }

    static PeftType TypeOf(MethodDescriptor method)
    {
        if (PeftTypes.Of(method) is { Name.Length: > 0 } known) return known;
        string all = string.Join(", ", PeftTypes.All.Select(t => t.Method));
        throw new LowrankException($"PEFT has no method {method.Name}; it has {all}");
    }

    void AddCommon(Adapter adapter, ModelDescription model, Func<ModelComponent, Target, string> pathOf)
    {
        fields["task_type"] = null;
        fields["base_model_name_or_path"] = null;
        fields["revision"] = null;
        foreach (var (field, value) in PeftFieldUses.From(adapter.Metadata, type)) fields[field] = value;
        fields["peft_type"] = type.Name;
        fields["inference_mode"] = true;
        fields["target_modules"] = TargetModules([.. own.Select(n => n.Path)], model, pathOf);
        fields["fan_in_fan_out"] = own.TrueForAll(n => n.Made.Target.Kind == LayerKind.TransposedLinear);
    }

    // As the stored method's own: a merged LoRA's options are told as a LoRA's.
    void AddArguments()
    {
        if (own[0].Made.Settings is not { } given) return;
        var settings = method.OwnOptions(given);
        foreach (var argument in method.Arguments)
        {
            string field = type.Fields.GetValueOrDefault(argument.Name, argument.Name);
            if (argument.Get is not { } get || field.Length == 0) continue;
            if (type.Patterns.FirstOrDefault(p => p.Field == field).Pattern is { } pattern)
                AddPatterned(field, pattern, made => get(method.OwnOptions(made.Settings!)));
            else if (get(settings) is { } value) fields[field] = value;
        }
    }

    void AddScales()
    {
        if (type.Rank is { } rank) AddPatterned(rank, "rank_pattern", made => Scales(made).Rank);
        if (type.Alpha is { } alpha) AddPatterned(alpha, "alpha_pattern", made => Scales(made).Alpha);
        var onInput = own.Where(n => n.Made is Ia3 { OnInput: true }).Select(n => n.Path).ToList();
        if (type.Name == "IA3") fields["feedforward_modules"] = onInput;
        if (own.Exists(n => n.Made.Settings?.Dora is not null)) fields["use_dora"] = true;
    }

    void AddCompanions(List<(string Path, Reparameterization Made)> named)
    {
        if (named.Exists(n => n.Made is TrainedBias { IsWhole: true }))
            fields["bias"] = (type.Name == "LORA" ? "lora" : type.Name.ToLowerInvariant()) + "_only";
        var tokens = named.Where(n => n.Made is TrainableTokens).ToList();
        if (tokens.Count > 0 && type.Method != "trainable-tokens")
            fields["trainable_token_indices"] = tokens.ToDictionary(n => n.Path, n => ((TrainableTokensOptions)n.Made.Settings!).Tokens);
        var saved = named.Where(n => n.Made.Method.Name == "whole").Select(n => n.Path).ToList();
        if (saved.Count > 0 && method.Name != "whole") fields["modules_to_save"] = saved;
    }

    // Rank and alpha as PEFT takes them; what cannot be told is null.
    static (object? Rank, object? Alpha) Scales(Reparameterization made)
    {
        double? alpha = made.Parts.FirstOrDefault(p => p.Part == "alpha").Value?.ToDouble();
        long? rank = made.Method.Facts(made.Parts.ToDictionary(p => p.Part, p => p.Value.shape))?.Rank;
        // PEFT divides by the rank also where both factors of a LoKr are whole, which a large rank asks for.
        if (rank == 0 && made is Lokr lokr)
        {
            double told = lokr.Alpha / lokr.Scale;
            bool isRank = told == Math.Round(told) && told >= 1;
            rank = isRank ? (long)told : Math.Max(made.Target.Out, made.Target.Columns);
            alpha = lokr.Scale * rank;
        }
        bool isWhole = alpha is { } number && number == Math.Round(number) && Math.Abs(number) < 1e9;
        return (rank, isWhole ? (long)alpha! : alpha);
    }

    // The commonest value is the field; where others differ, every layer is listed, longer paths first, since a pattern fits ends of paths
    // too.
    void AddPatterned(string field, string patterns, Func<Reparameterization, object?> valueOf)
    {
        var values = own.Select(layer => (layer.Path, Value: valueOf(layer.Made))).Where(v => v.Value is not null).ToList();
        if (values.Count == 0) return;
        fields[field] = values.GroupBy(v => v.Value).MaxBy(group => group.Count())!.Key;
        if (values.Select(v => v.Value).Distinct().Count() > 1)
            fields[patterns] = values.OrderByDescending(v => v.Path.Length).ToDictionary(v => v.Path, v => v.Value);
    }

    // A list names ends of paths: where one would name another layer too, a regular expression of whole paths takes its place.
    static object TargetModules(List<string> paths, ModelDescription model, Func<ModelComponent, Target, string> pathOf)
    {
        var others = model.Components.SelectMany(c => c.Targets.Select(t => pathOf(c, t.Target))).Except(paths);
        return others.Any(other => paths.Exists(path => other.EndsWith("." + path, StringComparison.Ordinal)))
            ? $"({string.Join("|", paths.Select(Regex.Escape))})"
            : paths;
    }
}
