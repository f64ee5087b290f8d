namespace Lowrank.Diffusion;

/// <summary>By what the words of a prompt that change on the way know when to.</summary>
public enum PromptClock
{
    /// <summary>Steps: words that change "at 3" are heard from the fourth step on.</summary>
    Steps,

    /// <summary>
    /// Questions to the network, and one late, as in AUTOMATIC1111: words that change "at 3" are heard from the fifth question on.
    /// </summary>
    /// <remarks>stable-diffusion-webui v1.10.1, modules/prompt_parser.py: reconstruct_cond_batch compares with "up to and with".</remarks>
    Questions,
}
