namespace Lowrank.Diffusion;

/// <summary>What a prompt says before it is encoded.</summary>
/// <param name="Parts">Prompts that are joined (Liu et al. 2022, arXiv:2206.01714); nearly always one.</param>
public sealed record PromptPlan(IReadOnlyList<PromptPart> Parts)
{
    /// <summary>One text from beginning to end.</summary>
    public static PromptPlan Plain(string text) => new([new([new(0, text)])]);

    /// <summary>Whether it is more than one prompt of weight 1, so that the network must be asked about the negative one too.</summary>
    public bool Composes => Parts is not [{ Weight: 1 }];

    /// <summary>Everything that it says at some time.</summary>
    public IEnumerable<string> Texts => Parts.SelectMany(part => part.Turns).Select(turn => turn.Text);
}
