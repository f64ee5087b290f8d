namespace Lowrank.Training;

/// <summary>LLaMA-Factory's templates (src/llamafactory/data/template.py at ff6d4d1).</summary>
static class PieceTemplates
{
    const string QwenSystem = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.";
    const string AlpacaSystem =
        "Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n";
    const string MarkedSystem = "<|im_start|>system\n{content}<|im_end|>\n", MarkedAnswer = "{content}<|im_end|>\n";
    const string MarkedUser = "<|im_start|>user\n{content}<|im_end|>\n<|im_start|>assistant\n";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PieceTemplate> All { get; } =
    [
        new("chatml", [MarkedSystem], [MarkedUser], [MarkedAnswer],
            ["<|im_start|>tool\n{content}<|im_end|>\n<|im_start|>assistant\n"]),
        new("qwen", [MarkedSystem], [MarkedUser], [MarkedAnswer],
            ["<|im_start|>user\n<tool_response>\n{content}\n</tool_response><|im_end|>\n<|im_start|>assistant\n"], QwenSystem)
        {
            CallsAreMarked = true,
        },
        new("alpaca", ["{content}"], ["### Instruction:\n{content}\n\n### Response:\n"], ["{content}", PieceTemplate.End, "\n\n"],
            ["### Instruction:\n{content}\n\n### Response:\n"], AlpacaSystem),
        new("default", ["System: {content}", PieceTemplate.End, "\n"], ["Human: {content}", PieceTemplate.End, "\nAssistant:"],
            ["{content}", PieceTemplate.End, "\n"], ["Human: {content}", PieceTemplate.End, "\nAssistant:"]),
    ];

    /// <summary>The template of a name.</summary>
    /// <exception cref="LowrankException">There is none.</exception>
    public static PieceTemplate Named(string name) => All.FirstOrDefault(template => template.Name == name)
        ?? throw new LowrankException($"LLaMA-Factory's rows have no template \"{name}\" here. There are: " +
            $"{string.Join(", ", All.Select(template => template.Name))}.");
}
