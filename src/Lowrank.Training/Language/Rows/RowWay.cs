namespace Lowrank.Training;

/// <summary>By whose rules texts become rows.</summary>
public enum RowWay
{
    /// <summary>TRL 1.16: an answer begins where the ids of the prompt and of both part.</summary>
    Trl,

    /// <summary>TRL before 1.0: an answer begins behind as many tokens as the prompt alone has.</summary>
    TrlByCount,

    /// <summary>LLaMA-Factory: every piece of a conversation is made tokens of apart.</summary>
    LlamaFactory,

    /// <summary>axolotl: the conversation is rendered whole, and each turn is looked for in it.</summary>
    Axolotl,

    /// <summary>The LoRA paper's code: prompt and begin token, then a blank and the answer.</summary>
    LoraPaper,
}
