namespace Lowrank.Training;

/// <summary>Is told what a run does. Every method may be left out.</summary>
public interface ITrainingListener
{
    /// <summary>A part of the preparation has come so far: "encoding pictures", 12 of 40.</summary>
    void Prepared(string what, int done, int total) { }

    /// <summary>What is taken and what is not; told before anything takes long.</summary>
    void Accounted(Account account) { }

    /// <summary>Something the user should know, though the run goes on.</summary>
    void Warned(string message) { }

    /// <summary>The steps begin.</summary>
    void Started(TrainingStarted started) { }

    /// <summary>An optimizer step is done.</summary>
    void Stepped(TrainingStep step) { }

    /// <summary>A file was written.</summary>
    void Saved(string path) { }
}
