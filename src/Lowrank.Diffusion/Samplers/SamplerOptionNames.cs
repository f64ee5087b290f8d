using System.Globalization;

namespace Lowrank.Diffusion;

/// <summary>The sampler options that can be typed, and that pictures tell.</summary>
public static class SamplerOptionNames
{
    static readonly SamplerOptions usual = SamplerOptions.Default;

    static readonly NamedList<SamplerOptionName> list = new("sampler option", option => [option.Name, option.Field, .. option.Others],
    [
        new("eta", "Eta", SamplerSettings.Eta, [], o => o.Eta, (o, value) => o with { Eta = value }),
        new("noise_scale", "Sigma noise", SamplerSettings.NoiseScale, ["s_noise"],
            o => Unless(usual.NoiseScale, o.NoiseScale), (o, value) => o with { NoiseScale = value }),
        new("churn", "Sigma churn", SamplerSettings.Churn, ["s_churn"],
            o => Unless(usual.Churn.Amount, o.Churn.Amount),
            (o, value) => o with { Churn = o.Churn with { Amount = value } }),
        new("churn_from", "Sigma tmin", SamplerSettings.Churn, ["s_tmin"],
            o => Unless(usual.Churn.From, o.Churn.From),
            (o, value) => o with { Churn = o.Churn with { From = value } }),
        new("churn_to", "Sigma tmax", SamplerSettings.Churn, ["s_tmax"],
            o => Unless(usual.Churn.To, o.Churn.To),
            (o, value) => o with { Churn = o.Churn with { To = value } }),
        new("midpoint", "Sampler midpoint", SamplerSettings.Midpoint, ["r"], o => o.Midpoint, (o, value) => o with { Midpoint = value }),
        new("order", "Sampler order", SamplerSettings.Order, ["max_order"], o => o.Order, (o, value) => o with { Order = Whole(value) }),
        new("gamma", "Sampler gamma", SamplerSettings.Gamma, ["ge_gamma"], o => o.Gamma, (o, value) => o with { Gamma = value }),
        new("rtol", "Relative tolerance", SamplerSettings.Tolerance, [],
            o => Unless(usual.Adaptive.RelativeTolerance, o.Adaptive.RelativeTolerance),
            (o, value) => o with { Adaptive = o.Adaptive with { RelativeTolerance = value } }),
        new("atol", "Absolute tolerance", SamplerSettings.Tolerance, [],
            o => Unless(usual.Adaptive.AbsoluteTolerance, o.Adaptive.AbsoluteTolerance),
            (o, value) => o with { Adaptive = o.Adaptive with { AbsoluteTolerance = value } }),
    ]);

    /// <summary>Each with its names.</summary>
    public static IReadOnlyList<SamplerOptionName> All => list.All;

    /// <summary>The options that texts as "eta=0.5" set, in any order.</summary>
    /// <exception cref="LowrankException">One has no "=" or no number, or its name is not known; the nearest are given.</exception>
    public static SamplerOptions Read(IEnumerable<string> texts)
    {
        var options = usual;
        foreach (string text in texts)
        {
            if (text.Split('=', 2) is not [var name, var value])
                throw new LowrankException($"\"{text}\" is no sampler option: write NAME=VALUE, as in eta=0.5");
            options = Set(options, name, value);
        }
        return options;
    }

    /// <summary>The options with one of them set, by any of its names.</summary>
    /// <exception cref="LowrankException">The name is not known, or the value is no number.</exception>
    public static SamplerOptions Set(SamplerOptions options, string name, string value)
    {
        var option = list.Named(name);
        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && !double.IsNaN(number)
            ? option.Set(options, number)
            : throw new LowrankException($"the sampler option {option.Name} takes a number, and \"{value}\" was given");
    }

    /// <summary>What a picture's text says of the options that are not at their defaults.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Written(SamplerOptions options) =>
        from option in All
        let value = option.Get(options)
        where value is not null
        select new KeyValuePair<string, string>(option.Field, value.Value.ToString("R", CultureInfo.InvariantCulture));

    static double? Unless(double usual, double value) => value == usual ? null : value;

    static int Whole(double value) => value == Math.Floor(value) && Math.Abs(value) < int.MaxValue
        ? (int)value
        : throw new LowrankException(FormattableString.Invariant($"the order of a sampler is a whole number, and {value} was given"));
}
