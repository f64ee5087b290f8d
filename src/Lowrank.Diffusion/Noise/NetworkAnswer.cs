namespace Lowrank.Diffusion;

/// <summary>What a network says of a sample.</summary>
/// <param name="Guided">Its answer, after guidance.</param>
/// <param name="Negative">Its answer to the negative prompt, where it was asked; samplers of the CFG++ kind heed it.</param>
public readonly record struct NetworkAnswer(Tensor Guided, Tensor? Negative = null)
{
    /// <summary>Its answer to the prompts before guidance; what is guided where nobody says.</summary>
    public Tensor Positive { get => field ?? Guided; init; }

    /// <summary>An answer of a network that nobody guides.</summary>
    public static implicit operator NetworkAnswer(Tensor answer) => new(answer);
}
