namespace Lowrank.Bench;

/// <summary>Ratios that are aimed at, at the most.</summary>
static class Aims
{
    /// <summary>A training step of a model against PEFT, in either way.</summary>
    public static double AgainstPeft(string model, ScalarType dtype, string peer) => (dtype, model, peer) switch
    {
        (ScalarType.Float32, _, _) => 0.85,
        (_, "sd15", Way.Peft) => 0.8,
        (_, "sd15", _) => 0.9,
        (_, _, Way.Peft) => 0.65,
        _ => 0.7,
    };

    /// <summary>What an adapter adds to a step, over the base's passes.</summary>
    public const double Added = 0.25;

    /// <summary>Attention against libtorch's own kernel, which is nearly the best in float32.</summary>
    public static double Attention(ScalarType dtype, long tokens, bool causal) =>
        dtype == ScalarType.Float32 ? 1 : tokens <= 512 ? 0.5 : causal && tokens > 1024 ? 0.9 : 0.7;

    /// <summary>A step under another method against LoRA's.</summary>
    public const double Method = 1.15;

    /// <summary>A picture against diffusers' way: 96 % of float32's time lies in libtorch's convolutions and products.</summary>
    public static double Drawing(ScalarType dtype) => dtype == ScalarType.Float32 ? 0.95 : 0.8;

    /// <summary>A picture's memory against diffusers' way.</summary>
    public const double DrawingMemory = 0.7;

    /// <summary>A picture with three adapters against one without.</summary>
    public const double Adapters = 1.05;

    /// <summary>The share of a picture's time that is not the networks'.</summary>
    public const double Loop = 0.03;

    /// <summary>Seconds to exchange an adapter between two pictures, and until a second picture's first step.</summary>
    public const double Exchange = 0.05, Second = 0.1;

    /// <summary>Merging against touching or copying the same bytes once.</summary>
    public const double Merge = 1.5;

    /// <summary>A language model's time against llama.cpp's, on the same file in bfloat16 and in blocks: 0.8 and half of its tokens a
    /// second; and a long prompt's.</summary>
    public const double WritingBrain = 1 / 0.8, WritingBlocks = 1 / 0.5, Reading = 1 / 0.8;

    /// <summary>Eight texts at once against one after the other, and with an adapter against without.</summary>
    public const double WritingMany = 0.25, WritingAdapted = 1.15;

    /// <summary>Seconds from a small model's file to its first token, to open one of 7 GB, for the tokens of 1 MB of text, and to render a
    /// chat template.</summary>
    public const double Opening = 1.5, OpeningLarge = 0.1, Tokens = 0.5, Template = 1e-4;
}
