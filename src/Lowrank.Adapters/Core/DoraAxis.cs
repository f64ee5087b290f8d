namespace Lowrank;

/// <summary>Along which axis DoRA keeps norms.</summary>
public enum DoraAxis
{
    /// <summary>One norm for each output channel: the paper, PEFT, LyCORIS since 3.2.</summary>
    Output,

    /// <summary>One norm for each input channel: LyCORIS 2.2 to 3.1, OneTrainer.</summary>
    Input,
}
