namespace Lowrank.Training;

/// <summary>How the answers of a step lie in its batches.</summary>
/// <param name="BatchSize">Answers of a batch.</param>
/// <param name="Accumulation">Batches of a step.</param>
/// <param name="Answers">Answers to a prompt.</param>
/// <param name="Seed">Seed of the prompts' order.</param>
sealed record AnswerShape(int BatchSize, int Accumulation, int Answers, long Seed)
{
    /// <summary>Prompts that are answered in a step.</summary>
    /// <exception cref="LowrankException">The step's answers are no whole groups.</exception>
    public int PromptsOfStep
    {
        get
        {
            int answers = BatchSize * Accumulation;
            if (answers % Answers == 0) return answers / Answers;
            throw new LowrankException($"a step has {answers} answers (batch_size {BatchSize}, accumulation {Accumulation}), and " +
                $"num_generations is {Answers}: each prompt has as many. Take a batch_size of {Answers} or a multiple.");
        }
    }
}
