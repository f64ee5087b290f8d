namespace Lowrank.Training;

/// <summary>The words by which recipes and TRL's options name how rows are made.</summary>
public static class RowWords
{
    /// <summary>Whether <c>keep_start</c> or <c>keep_end</c>.</summary>
    /// <exception cref="LowrankException">Neither.</exception>
    public static bool KeepsEnd(string word) => word switch
    {
        "keep_start" => false,
        "keep_end" => true,
        _ => throw new LowrankException($"\"{word}\" is no way to cut a row. Take keep_start, which cuts its end, or keep_end."),
    };

    /// <summary>How rows are packed: <c>none</c>, <c>bfd</c>, <c>bfd_split</c> (also <c>bfd-requeue</c>), <c>wrapped</c>.</summary>
    /// <exception cref="LowrankException">None of these.</exception>
    public static RowPacking Packing(string word) => word switch
    {
        "none" => RowPacking.None,
        "bfd" => RowPacking.BestFit,
        "bfd_split" or "bfd-requeue" => RowPacking.BestFitSplit,
        "wrapped" => RowPacking.Wrapped,
        _ => throw new LowrankException($"\"{word}\" is no way to pack rows. Take bfd, bfd_split, wrapped or none."),
    };

    /// <summary>By whose rules: <c>trl</c>, <c>trl-0.29</c>, <c>llama-factory</c>, <c>axolotl</c>, <c>lora-paper</c>.</summary>
    /// <exception cref="LowrankException">None of these.</exception>
    public static RowWay Way(string word) => word switch
    {
        "trl" => RowWay.Trl,
        "trl-0.29" => RowWay.TrlByCount,
        "llama-factory" => RowWay.LlamaFactory,
        "axolotl" => RowWay.Axolotl,
        "lora-paper" => RowWay.LoraPaper,
        _ => throw new LowrankException($"\"{word}\" names no rules for rows. Take trl, trl-0.29, llama-factory, axolotl or " +
            "lora-paper."),
    };
}
