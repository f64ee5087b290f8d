namespace Lowrank.Formats;

/// <summary>Chooses types tensor by tensor, and counts those that it has passed.</summary>
sealed class QuantizationMixture
{
    // What is quantised of 80 layers with fewer keys than queries: its values are an eighth of its queries.
    const int ManyLayers = 80, FewerKeys = 4, MostExperts = 8;

    static readonly TensorDtype q2 = BlockFormats.Q2_K.Dtype, q3 = BlockFormats.Q3_K.Dtype, q4 = BlockFormats.Q4_K.Dtype;
    static readonly TensorDtype q5 = BlockFormats.Q5_K.Dtype, q6 = BlockFormats.Q6_K.Dtype, q8 = BlockFormats.Q8_0.Dtype;

    readonly QuantizedFileType fileType;
    readonly QuantizedModel model;
    readonly QuantizationOptions options;
    readonly bool isTied;
    readonly int valueTensors;
    int values, downs;

    internal QuantizationMixture(
        QuantizedFileType fileType, QuantizedModel model, IReadOnlyList<TensorInfo> tensors, QuantizationOptions options)
    {
        (this.fileType, this.model, this.options) = (fileType, model, options);
        var roles = tensors.Select(info => TensorRoles.Of(info.Name)).ToList();
        isTied = !roles.Contains(TensorRole.Output);
        valueTensors = roles.Count(TensorRoles.HoldsValues);
    }

    string Kind => fileType.Name;

    bool IsFalcon => model.Architecture == "falcon";

    internal TensorDtype TypeOf(TensorInfo info)
    {
        var role = TensorRoles.Of(info.Name);
        if (!TensorRoles.IsQuantized(info) || role == TensorRole.Output && options.LeavesOutput) return info.Dtype;
        var type = Wanted(info, role);
        if (type == info.Dtype) return type;
        bool isRounded = BlockFormats.Of(info.Dtype) is { IsQuantized: true }, rounds = BlockFormats.Of(type) is { IsQuantized: true };
        if (isRounded && rounds && !options.AllowsRequantizing)
            throw new LowrankException($"'{info.Name}' is {info.Dtype} already; quantising it again loses more than quantising the " +
                "model's own weights. Take a file of F16, BF16 or F32, or allow it with `requantize`.");
        if (type == q2 && Kind == "Q2_K_S" && role is not (TensorRole.Embedding or TensorRole.Output))
            throw new LowrankException(
                $"a file of the kind Q2_K_S wants an importance matrix for '{info.Name}', which is not taken. Take Q2_K.");
        return type;
    }

    TensorDtype Wanted(TensorInfo info, TensorRole role)
    {
        if (role == TensorRole.Embedding && options.Embedding is { } embedding) return Fitting(info, embedding);
        if (role == TensorRole.Output && options.Output is { } output) return Fitting(info, output);
        if (BlockFormats.Of(fileType.Most) is not { IsQuantized: true }) return fileType.Most;
        return Fallback(info, options.Pure ? fileType.Most : Mixed(info, role));
    }

    static TensorDtype Fitting(TensorInfo info, TensorDtype type) => type.Block.Fills(info.Shape) ? type : throw new LowrankException(
        $"'{info.Name}' of shape {info.Shape.Text()} cannot be {type}: its rows are no multiple of {type.Block.Elements} elements. " +
        "Leave the wish out, or ask for F16.");

    // A type whose blocks fit the rows.
    static TensorDtype Fallback(TensorInfo info, TensorDtype type)
    {
        if (type.Block.Fills(info.Shape)) return type;
        var smaller = type.Name switch
        {
            "IQ4_XS" => BlockFormats.IQ4_NL,
            "Q2_K" or "Q3_K" or "TQ1_0" or "TQ2_0" => BlockFormats.Q4_0,
            "Q4_K" => BlockFormats.Q5_0,
            "Q5_K" => BlockFormats.Q5_1,
            "Q6_K" => BlockFormats.Q8_0,
            _ => BlockFormats.F16,
        };
        return smaller.Block.Fills(info.Shape) ? smaller.Dtype : TensorDtype.F16;
    }

    TensorDtype Mixed(TensorInfo info, TensorRole role)
    {
        if (role == TensorRole.Output || isTied && role == TensorRole.Embedding) return OfHead(info);
        if (Kind == "MXFP4_MOE") return info.Shape is [> 1, _, _] ? fileType.Most : q8;
        if (role.HoldsValues()) return OfValues();
        return role switch
        {
            TensorRole.Embedding => Kind is "TQ1_0" or "TQ2_0" ? q4 : fileType.Most,
            TensorRole.Key => model.Experts == MostExperts ? q8 : fileType.Most,
            TensorRole.Down => OfDown(info),
            TensorRole.AttentionOutput => OfAttentionOutput(),
            _ => fileType.Most,
        };
    }

    TensorDtype OfHead(TensorInfo info)
    {
        if (options.Output is { } output) return output;
        if (Kind == "MXFP4_MOE" || IsFalcon || !fileType.Most.Block.Fills(info.Shape)) return q8;
        return fileType.Most == q8 ? q8 : q6;
    }

    TensorDtype OfValues()
    {
        int place = values++;
        if (model.Experts == MostExperts) return q8;
        var type = Ruled(MixtureRules.Values, new(place, valueTensors, model.QueriesPerKey >= FewerKeys));
        bool isLarge = model is { Architecture: "llama", Layers: ManyLayers } && model.Heads != model.KeyHeads;
        return isLarge && (type == q3 || type == q4) ? q5 : type;
    }

    TensorDtype OfDown(TensorInfo info)
    {
        // Of experts there are several in a layer, in whatever order.
        int layer = model.Experts > 1 ? QuantizationPlan.LayerOf(info.Name) ?? downs : downs;
        downs++;
        return Ruled(IsFalcon ? MixtureRules.FalconDown : MixtureRules.Down, new(layer, model.Layers));
    }

    TensorDtype OfAttentionOutput()
    {
        if (IsFalcon) return Kind == "Q3_K_L" ? q4 : fileType.Most;
        if (model.Experts != MostExperts) return MixtureRules.AttentionOutput.GetValueOrDefault(Kind, fileType.Most);
        return MixtureRules.MoreForExperts.Contains(Kind) ? q5 : fileType.Most;
    }

    TensorDtype Ruled(Dictionary<string, Func<MixtureRules.Place, TensorDtype?>> rules, MixtureRules.Place place) =>
        rules.TryGetValue(Kind, out var rule) ? rule(place) ?? fileType.Most : fileType.Most;
}
