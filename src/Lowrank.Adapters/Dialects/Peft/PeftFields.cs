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

    /// <summary>The fields of adapter_config.json in the folder of a component.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <param name="component">The component, which the adapter adapts.</param>
    /// <param name="spelling">The paths by which PEFT knows layers.</param>
    /// <param name="metadata">The adapter's metadata, which carry what it is for.</param>
    /// <exception cref="LowrankException">
    /// PEFT has no such method, or none that goes together with another of the adapter's, or cannot make factors of these shapes.
    /// </exception>
    public static SortedDictionary<string, object?> Of(
        Adapter adapter, ModelComponent component, PeftSpelling spelling, IReadOnlyDictionary<string, string> metadata)
    {
        var gathered = adapter.Prompt is { } prompt
            ? PeftPrompts.Fields(prompt, component.Module, Whole(adapter, component, spelling))
            : Of(adapter, component, spelling, metadata, tellsAlpha: true);
        foreach (var (field, value) in PeftCarriedFields.In(metadata, component.Name)) gathered[field] = value;
        var type = PeftTypes.Named((string)gathered["peft_type"]!)!;
        foreach (var (field, value) in PeftFieldUses.From(metadata, type, component.Name))
            if (field != PeftFieldUses.DropoutOf(type)) gathered[field] = value;
        gathered["peft_version"] = Version;
        return gathered;
    }

    // Of what is trained beside virtual tokens PEFT takes whole modules alone.
    static IReadOnlyList<string> Whole(Adapter adapter, ModelComponent component, PeftSpelling spelling)
    {
        var named = Named(adapter, component, spelling);
        if (named.Find(one => one.Made.Method != Replacement.Descriptor) is { Made: { } other })
            throw new LowrankException($"PEFT keeps whole modules beside virtual tokens, and {other.Target.Path} has {other.Method.Name}");
        return [.. named.Select(one => one.Path)];
    }

    /// <summary>The fields that diffusers' metadata tell of a component, of factors that have alpha/rank in them.</summary>
    /// <exception cref="LowrankException">As of the other.</exception>
    public static SortedDictionary<string, object?> OfHeader(
        Adapter adapter, ModelComponent component, IReadOnlyDictionary<string, string> metadata)
    {
        var gathered = Of(adapter, component, new PeftSpelling(), metadata, tellsAlpha: false);
        // A text encoder may have the level that its layers are told without, and an expression is of a whole path.
        if (gathered["target_modules"] is string expression && component.OptionalLevel.Length > 0)
            gathered["target_modules"] = $"({Regex.Escape(component.OptionalLevel)})?{expression}";
        return gathered;
    }

    static SortedDictionary<string, object?> Of(
        Adapter adapter, ModelComponent component, PeftSpelling spelling, IReadOnlyDictionary<string, string> metadata, bool tellsAlpha)
    {
        var named = Named(adapter, component, spelling);
        var method = MainOf(named);
        var type = TypeOf(method);
        var gathered = new PeftFields(type, method, [.. named.Where(n => Spelling.StoredMethod(n.Made) == method)]);
        gathered.AddCommon(component, spelling);
        gathered.AddArguments();
        if (type.Name == PeftLokrFields.Type) gathered.AddLokr();
        else gathered.AddScales(tellsAlpha);
        gathered.AddCompanions(named);
        gathered.AddDropout(metadata, component.Name);
        return gathered.fields;
    }

    // What the adapter is trained with, so that training can go on with it; of one that was read, what it was trained with.
    void AddDropout(IReadOnlyDictionary<string, string> metadata, string component)
    {
        if (PeftFieldUses.DropoutOf(type) is not { } field) return;
        double dropout = own.Select(layer => layer.Made.Settings?.Dropout ?? 0).DefaultIfEmpty().Max();
        var told = PeftFieldUses.From(metadata, type, component).LastOrDefault(pair => pair.Key == field).Value;
        double trained = TrainedDropouts.Of(metadata).Dropout;
        if (dropout > 0) fields[field] = dropout;
        else if (told is not null) fields[field] = told;
        else if (trained > 0) fields[field] = trained;
    }

    // The version whose ways these are; without one PEFT takes an OFT for one of before 0.18, whose series was another.
    const string Version = "0.21.2";

    static List<(string Path, Reparameterization Made)> Named(Adapter adapter, ModelComponent component, PeftSpelling spelling)
    {
        var named = new List<(string Path, Reparameterization Made)>();
        var biased = new List<string>();
        foreach (var (target, layer) in component.Targets)
        {
            if (!adapter.Targets.TryGetValue(target.Path, out var made) || made is TiedTokens) continue;
            string path = spelling.OwnPath(component, target);
            // All experts of a parameter are one path, with one rank and alpha.
            if (layer is not StackedMatrix || named.TrueForAll(one => one.Path != path)) named.Add((path, made));
            if (made is Ia3 { OnInput: false, ScalesBias: false } && layer.Bias is not null) biased.Add(target.Path);
        }
        if (biased.Count == 0) return named;
        throw new LowrankException(
            $"PEFT's IA3 scales an output's bias, and this adapter does not, as at {biased[0]}; it cannot be written as PEFT's. " +
            "Train it with scale_bias=true, or on the layers' inputs (train_on_input=true)");
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
        // PEFT keeps whole weights beside another method; where there is none, a LoRA of no layer stands in for it.
        if (method == Replacement.Descriptor) return PeftTypes.Of(Lora.Descriptor)!;
        if (PeftTypes.Of(method) is { Name.Length: > 0 } known) return known;
        string all = string.Join(", ", PeftTypes.All.Select(t => t.Method));
        throw new LowrankException($"PEFT has no method {method.Name}; it has {all}");
    }

    // What PEFT reads as an adapter of no layer.
    const string NoModules = "dummy-target-modules";

    bool IsWholeAlone => method == Replacement.Descriptor;

    void AddCommon(ModelComponent component, PeftSpelling spelling)
    {
        foreach (var (field, value) in type.Defaults) fields[field] = value;
        fields["peft_type"] = type.Name;
        fields["task_type"] = null;
        fields[PeftCarriedFields.Base] = null;
        fields["inference_mode"] = true;
        var parameters = component.Targets.Select(target => PeftStacks.ParameterOf(component, target.Target)).OfType<string>().ToHashSet();
        fields["target_modules"] = IsWholeAlone ? NoModules
            : TargetModules([.. own.Select(n => n.Path).Distinct().Where(path => !parameters.Contains(path))], component, spelling);
        if (own.Exists(n => parameters.Contains(n.Path)))
            fields[PeftStacks.Field] = own.Select(n => n.Path).Distinct().Where(parameters.Contains).ToList();
        if (type.TellsTransposed)
            fields["fan_in_fan_out"] = !IsWholeAlone && own.TrueForAll(n => n.Made.Target.Kind == LayerKind.TransposedLinear);
    }

    // As the stored method's own: a merged LoRA's options are told as a LoRA's.
    void AddArguments()
    {
        if (IsWholeAlone || own[0].Made.Settings is not { } given) return;
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

    // Where alpha/rank is in the factors, alpha is the rank.
    void AddScales(bool tellsAlpha)
    {
        if (IsWholeAlone) return;
        if (type.Rank is { } rank) AddPatterned(rank, "rank_pattern", made => Scales(made).Rank);
        if (type.Alpha is { } alpha)
            AddPatterned(alpha, "alpha_pattern", made => tellsAlpha ? Scales(made).Alpha : Scales(made).Rank);
        if (own.Select(n => n.Made).OfType<Activated>().FirstOrDefault() is { } acting) fields[Activated.Field] = acting.Invocation;
        var onInput = own.Where(n => n.Made is Ia3 { OnInput: true }).Select(n => n.Path).ToList();
        if (type.Name == "IA3") fields["feedforward_modules"] = onInput;
        if (own.Exists(n => n.Made.Settings?.Dora is not null)) fields["use_dora"] = true;
    }

    void AddLokr()
    {
        var told = PeftLokrFields.Of(own);
        fields["decompose_factor"] = told.Factor;
        fields["decompose_both"] = told.DecomposesBoth;
        fields["use_effective_conv2d"] = told.HasCores;
        AddPatterned("r", "rank_pattern", made => told.Ranks[made.Target.Path]);
        AddPatterned("alpha", "alpha_pattern", made => told.Ranks[made.Target.Path] * PeftLokrFields.Plain(made).Scale);
    }

    void AddCompanions(List<(string Path, Reparameterization Made)> named)
    {
        if (named.Exists(n => n.Made is TrainedBias { IsWhole: true }))
            fields["bias"] = (type.Name == "LORA" ? "lora" : type.Name.ToLowerInvariant()) + "_only";
        var tokens = named.Where(n => n.Made is TrainableTokens).ToList();
        if (tokens.Count > 0 && type.Method != "trainable-tokens")
            fields["trainable_token_indices"] = tokens.ToDictionary(n => n.Path, n => ((TrainableTokensOptions)n.Made.Settings!).Tokens);
        // A bias without its weight is one of a layer that is not adapted: all biases were trained.
        var whole = named.Where(n => n.Made.Method.Name == "whole").ToList();
        if (whole.Exists(n => IsBiasAlone(n.Made))) fields["bias"] = "all";
        var saved = whole.Where(n => !IsBiasAlone(n.Made)).Select(n => n.Path).ToList();
        if (saved.Count > 0) fields["modules_to_save"] = saved;
    }

    static bool IsBiasAlone(Reparameterization made) => made.Parts is [("bias", _)];

    // Rank and alpha as PEFT takes them; what cannot be told is null.
    static (object? Rank, object? Alpha) Scales(Reparameterization made)
    {
        double? alpha = made.Parts.FirstOrDefault(p => p.Part == "alpha").Value?.ToDouble();
        long? rank = Spelling.StoredMethod(made).Facts(made.Parts.ToDictionary(p => p.Part, p => p.Value.shape))?.Rank;
        return (rank, alpha);
    }

    // The commonest value is the field; where others differ, every layer is listed, longer paths first, since a pattern fits ends of paths
    // too.
    void AddPatterned(string field, string patterns, Func<Reparameterization, object?> valueOf)
    {
        var values = own.Select(layer => (layer.Path, Value: valueOf(layer.Made))).Where(v => v.Value is not null).ToList();
        if (values.Count == 0) return;
        fields[field] = values.GroupBy(v => v.Value).MaxBy(group => group.Count())!.Key;
        bool differ = values.Select(v => v.Value).Distinct().Count() > 1;
        fields[patterns] = differ
            ? values.DistinctBy(v => v.Path).OrderByDescending(v => v.Path.Length).ToDictionary(v => v.Path, v => v.Value)
            : new Dictionary<string, object?>();
    }

    // A list names ends of paths: where one would name another layer too, a regular expression of whole paths takes its place.
    static object TargetModules(List<string> paths, ModelComponent component, PeftSpelling spelling)
    {
        var others = component.Targets.Select(t => spelling.OwnPath(component, t.Target)).Except(paths);
        return others.Any(other => paths.Exists(path => other.EndsWith("." + path, StringComparison.Ordinal)))
            ? $"({string.Join("|", paths.Select(Regex.Escape))})"
            : paths;
    }
}
