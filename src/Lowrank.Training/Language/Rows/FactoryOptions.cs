namespace Lowrank.Training;

/// <summary>How LLaMA-Factory's rows are made.</summary>
sealed record FactoryOptions
{
    /// <summary>The template of pieces. Default chatml.</summary>
    public string Template { get; init; } = "chatml";

    /// <summary>What the system says where the data do not tell; null takes the template's.</summary>
    public string? DefaultSystem { get; init; }

    /// <summary>Whether only the last answer counts. Default false.</summary>
    public bool MaskHistory { get; init; }

    /// <summary>Whether questions count too. Default false.</summary>
    public bool TrainOnPrompt { get; init; }

    /// <summary>The most tokens of a row. Default 2048.</summary>
    public int Cutoff { get; init; } = 2048;

    /// <summary>What of it does not go together.</summary>
    /// <exception cref="LowrankException">Something does not.</exception>
    public void Check()
    {
        if (MaskHistory && TrainOnPrompt)
            throw new LowrankException("only the last answer is to count, and questions too. Set one of mask_history and train_on_prompt.");
    }
}
