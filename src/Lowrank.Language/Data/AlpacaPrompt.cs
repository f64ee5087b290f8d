namespace Lowrank.Language;

/// <summary>The text by which an instruction is put to a model without a chat template (Stanford Alpaca, 2023).</summary>
public static class AlpacaPrompt
{
    /// <summary>The text up to where the answer begins.</summary>
    /// <param name="instruction">What is to be done.</param>
    /// <param name="input">With what; empty for nothing.</param>
    public static string Of(string instruction, string input)
    {
        bool hasInput = !string.IsNullOrEmpty(input);
        string context = hasInput ? ", paired with an input that provides further context" : "";
        string given = hasInput ? $"### Input:\n{input}\n\n" : "";
        return $"Below is an instruction that describes a task{context}. Write a response that appropriately completes the request.\n\n" +
            $"### Instruction:\n{instruction}\n\n{given}### Response:\n";
    }
}
