namespace Lowrank.Formats;

/// <summary>The tables of llama.cpp's mixtures: what a kind of file gives tensors of a role in place of its most frequent type; null for
/// that.</summary>
static class MixtureRules
{
    /// <summary>Where a tensor stands.</summary>
    /// <param name="Layer">Which of its role it is.</param>
    /// <param name="Layers">How many there are.</param>
    /// <param name="HasFewerKeys">Whether several query heads share a key head, so that values are small.</param>
    internal readonly record struct Place(int Layer, int Layers, bool HasFewerKeys = false)
    {
        internal bool IsEarly => Layer < Layers / 8;

        internal bool IsFirst => Layer < Layers / 16;

        /// <summary>The first eighth of the layers, the last, and of those between every third.</summary>
        internal bool GetsMore => IsEarly || Layer >= 7 * Layers / 8 || (Layer - Layers / 8) % 3 == 2;
    }

    static readonly TensorDtype q3 = BlockFormats.Q3_K.Dtype, q4 = BlockFormats.Q4_K.Dtype, q5 = BlockFormats.Q5_K.Dtype;
    static readonly TensorDtype q6 = BlockFormats.Q6_K.Dtype;

    /// <summary>Values, or what holds them.</summary>
    internal static Dictionary<string, Func<Place, TensorDtype?>> Values { get; } = new()
    {
        ["Q2_K"] = place => place.HasFewerKeys ? q4 : q3,
        ["Q2_K_S"] = place => place.HasFewerKeys ? q4 : null,
        ["Q3_K_M"] = place => place.Layer < 2 ? q5 : q4,
        ["Q3_K_L"] = _ => q5,
        ["Q4_K_S"] = place => place.Layer < 4 ? q5 : null,
        ["Q4_K_M"] = place => place.GetsMore ? q6 : null,
        ["Q5_K_M"] = place => place.GetsMore ? q6 : null,
        ["IQ4_NL"] = place => place.HasFewerKeys ? q5 : null,
        ["IQ4_XS"] = place => place.HasFewerKeys ? q5 : null,
    };

    /// <summary>The last of feed-forward parts.</summary>
    internal static Dictionary<string, Func<Place, TensorDtype?>> Down { get; } = new()
    {
        ["Q2_K"] = _ => q3,
        ["Q2_K_S"] = place => place.IsEarly ? q4 : null,
        ["Q3_K_M"] = place => place.IsFirst ? q5 : q4,
        ["Q3_K_L"] = _ => q5,
        ["Q4_K_S"] = place => place.IsEarly ? q5 : null,
        ["Q4_K_M"] = place => place.GetsMore ? q6 : null,
        ["Q5_K_M"] = place => place.GetsMore ? q6 : null,
        ["IQ4_NL"] = place => place.IsEarly ? q5 : null,
        ["IQ4_XS"] = place => place.IsEarly ? q5 : null,
    };

    /// <summary>The same of the architecture "falcon", where it differs.</summary>
    internal static Dictionary<string, Func<Place, TensorDtype?>> FalconDown { get; } = new(Down)
    {
        ["Q3_K_M"] = place => place.IsFirst ? q5 : place.GetsMore ? q4 : null,
        ["Q3_K_L"] = _ => q4,
        ["Q4_K_S"] = _ => null,
        ["Q4_K_M"] = place => place.IsFirst ? q6 : place.GetsMore ? q5 : null,
    };

    /// <summary>What follows attention.</summary>
    internal static Dictionary<string, TensorDtype> AttentionOutput { get; } = new() { ["Q2_K"] = q3, ["Q3_K_M"] = q4, ["Q3_K_L"] = q5 };

    /// <summary>The kinds of files that give the same Q5_K where there are eight experts.</summary>
    internal static HashSet<string> MoreForExperts { get; } = ["Q2_K", "Q3_K_S", "Q3_K_M", "IQ4_NL", "Q4_K_S", "Q4_K_M", "IQ4_XS"];
}
