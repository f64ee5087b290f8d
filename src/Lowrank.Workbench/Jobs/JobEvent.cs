namespace Lowrank.Workbench;

/// <summary>Something that a running job tells: <see cref="JobProgress"/>, <see cref="JobAccount"/> or <see cref="JobNote"/>.</summary>
public abstract record JobEvent;
