namespace Lowrank.Training;

/// <summary>dtypes as PyTorch and kohya's scripts spell them.</summary>
static class DtypeSpelling
{
    /// <summary>The word of recipes for one of another spelling; itself for any other text.</summary>
    public static string Plain(string text) => text switch
    {
        "fp16" or "float16" or "half" => "f16",
        "bfloat16" => "bf16",
        "fp32" or "float32" or "float" => "f32",
        _ => text,
    };
}
