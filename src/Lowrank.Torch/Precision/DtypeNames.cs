namespace Lowrank.Torch;

/// <summary>dtypes as PyTorch, accelerate and kohya's scripts spell them, in letters of any case.</summary>
public static class DtypeNames
{
    /// <summary>"f16", "bf16" or "f32" for one of another spelling; any other text as it is.</summary>
    public static string Plain(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.ToLowerInvariant() switch
        {
            "f16" or "fp16" or "float16" or "half" => "f16",
            "bf16" or "bfloat16" => "bf16",
            "f32" or "fp32" or "float32" or "float" => "f32",
            _ => text,
        };
    }
}
