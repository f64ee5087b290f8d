namespace Lowrank.Adapters;

/// <summary>What AUTOMATIC1111 calls the encoders of words, by which keys are known before a model is.</summary>
static class AutomaticEncoders
{
    /// <summary>The one encoder's words.</summary>
    public const string Only = "string_to_param.*";

    /// <summary>The encoders' names where there are several.</summary>
    public static IReadOnlyList<string> Several { get; } = ["clip_l", "clip_g"];

    /// <summary>Every name.</summary>
    public static IReadOnlyList<string> All { get; } = [Only, .. Several];
}
